package org.kith.core

import org.kith.shared.Effect
import org.kith.shared.Event
import org.kith.shared.ViewModel
import uniffi.shared.CoreException
import kotlin.test.Test
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue

/** What the bindings promise; what the core does with it is tested in Rust. */
class BindingContractTest {
    private val core = CoreBridge()

    @Test
    fun `an event goes in and requests come out`() {
        val requests = core.update(Event.Started(launch("https://kith.example")))
        assertTrue(requests.isNotEmpty())
        val ids = requests.filter { it.effect !is Effect.Render }.map { it.id }
        assertEquals(ids.distinct(), ids)
    }

    @Test
    fun `a view survives the way out and back`() {
        val view = core.view()
        assertTrue(view.screen.heading.isNotEmpty() || view.path.isNotEmpty())
        assertEquals(view, ViewModel.bincodeDeserialize(view.bincodeSerialize()))
    }

    @Test
    fun `every kind of text and number arrives unchanged`() {
        val launch = launch("https://käse.example/☕/\u0000/𝄞").copy(languages = List(300) { "fr-CA" })
        val event = Event.Started(launch)
        assertEquals(event, Event.bincodeDeserialize(event.bincodeSerialize()))
        core.update(event)
    }

    @Test
    fun `bytes that are no event are a typed error and change nothing`() {
        val before = core.view().bincodeSerialize()
        for (bytes in listOf(byteArrayOf(), byteArrayOf(-1, -1, -1, -1), ByteArray(4), ByteArray(64) { 0x7f })) {
            assertFailsWith<CoreException.BadEvent> { core.update(bytes) }
        }
        assertContentEquals(before, core.view().bincodeSerialize())
        core.update(Event.Foregrounded)
    }

    @Test
    fun `an event that only the core may say is refused`() {
        val last = Event.OwnershipLost.bincodeSerialize()
        val next = last.copyOf().also { it[0]++ }
        assertFailsWith<CoreException.BadEvent> { core.update(next) }
    }

    @Test
    fun `an answer that nobody asked for is a typed error`() {
        val fault = assertFailsWith<CoreException.BadAnswer> { core.resolve(4_000_000_000u, byteArrayOf()) }
        assertEquals(4_000_000_000u, fault.id)
    }

    @Test
    fun `a closed core is an error and no crash`() {
        val other = CoreBridge()
        other.close()
        assertFailsWith<IllegalStateException> { other.view() }
    }
}
