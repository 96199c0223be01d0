package org.kith.core

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.job
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeoutOrNull
import org.junit.jupiter.api.io.TempDir
import org.kith.core.handlers.PlatformHandler
import org.kith.core.handlers.StorageHandler
import org.kith.core.secrets.AesGcmBox
import org.kith.core.secrets.KeyFile
import org.kith.shared.Action
import org.kith.shared.BlockView
import org.kith.shared.Event
import org.kith.shared.FieldValue
import org.kith.shared.PlatformOutput
import org.kith.shared.Route
import org.kith.shared.RowView
import org.kith.shared.ScreenKind
import org.kith.shared.SharingKind
import org.kith.shared.ViewModel
import java.nio.file.Path
import java.util.concurrent.ConcurrentLinkedQueue
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlin.test.fail
import kotlin.time.Duration.Companion.seconds

/** What a person does on the first evening, through every handler, the real core and a real server. */
class StoryTest {
    @TempDir lateinit var folder: Path
    private val faults = ConcurrentLinkedQueue<Throwable>()

    @Test
    fun `a circle is started, an entry is shared, and both are there after a restart without reception`() {
        val server = Server()
        val (entry, origin) = server.use {
            phone(it.origin) { core ->
                core.send(Event.Do(Action.Open(Route.Start)))
                core.send(Event.FieldChanged("person", FieldValue.Text("Rose")))
                core.send(Event.FieldChanged("name", FieldValue.Text("Anna")))
                core.send(Event.Do(Action.StartCircle))
                core.until("founded") { view -> view.bar?.person == "Rose" && view.sharing == SharingKind.ALLSHARED }
                val before = it.entriesTaken()
                core.send(Event.Do(Action.QuickLog("drink")))
                core.until("kept") { view -> view.undo != null }
                core.until("shared") { view -> view.sharing == SharingKind.ALLSHARED }
                assertTrue(it.entriesTaken() > before, "the server has what the app calls shared")
                core.log().single() to it.origin
            }
        }
        phone(origin) { core ->
            val kept = core.log().single()
            assertEquals("Rose", core.view.value.bar?.person)
            assertEquals(listOf(entry.title, entry.time, entry.icon), listOf(kept.title, kept.time, kept.icon))
            core.until("offline") { view -> view.sharing == SharingKind.NORECEPTION }
        }
        assertTrue(faults.isEmpty(), faults.toString())
    }

    /** The app from its start until it is closed, on the same storage each time. */
    private fun <T> phone(origin: String, use: suspend (Core) -> T): T = runBlocking {
        val secrets = AesGcmBox(KeyFile.load(folder.resolve("key")))
        val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
        StorageHandler(folder.resolve("kith.db"), secrets).use { storage ->
            try {
                val handlers = Handlers(storage, PlatformHandler { PlatformOutput.REFUSED })
                val core = Core(CoreBridge(), handlers, scope, faults::add)
                core.send(Event.Started(launch(origin)))
                core.until("started") { view -> view.screen.kind != ScreenKind.STARTING }
                use(core)
            } finally {
                scope.coroutineContext.job.cancelAndJoin()
            }
        }
    }

    /** The first view of which this is true; a failure tells what was on the screen instead. */
    private suspend fun Core.until(what: String, condition: (ViewModel) -> Boolean): ViewModel =
        withTimeoutOrNull(30.seconds) { view.first(condition) } ?: fail("never $what; $faults; ${view.value}")

    /** The rows of the log, once it shows any. */
    private suspend fun Core.log(): List<RowView> {
        send(Event.Do(Action.Open(Route.Log)))
        return until("in the log") { view -> view.path == "/log" && view.rows.isNotEmpty() }.rows
    }

    private val ViewModel.sharing: SharingKind? get() = bar?.sharing?.kind

    private val ViewModel.rows: List<RowView>
        get() = screen.blocks.filterIsInstance<BlockView.Section>().flatMap { it.value.rows }
}
