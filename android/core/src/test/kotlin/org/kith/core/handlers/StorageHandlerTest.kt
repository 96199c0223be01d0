package org.kith.core.handlers

import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.io.TempDir
import org.kith.core.asUBytes
import org.kith.core.secrets.AesGcmBox
import org.kith.core.secrets.KeyFile
import org.kith.core.toBytes
import org.kith.shared.StorageFault
import org.kith.shared.StorageOperation
import org.kith.shared.StorageOperation.Read
import org.kith.shared.StorageOperation.Scan
import org.kith.shared.StorageOperation.Write
import org.kith.shared.StorageOutput
import org.kith.shared.StoredPair
import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.readBytes
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertTrue

class StorageHandlerTest {
    @TempDir lateinit var folder: Path
    private val opened = mutableListOf<StorageHandler>()

    @AfterEach fun close() = opened.forEach { it.close() }

    @Test
    fun `what was written is read in the order asked, and what is missing is none`() = runTest {
        val store = store()
        assertEquals(StorageOutput.Written, store.handle(write("a" to "1", "b" to "")))
        assertEquals(listOf("", null, "1"), store.read("b", "c", "a"))
    }

    @Test
    fun `a batch deletes before it puts`() = runTest {
        val store = store()
        store.handle(write("a" to "1", "b" to "2"))
        store.handle(Write(listOf(pair("a", "new")), listOf(key("a"), key("b"))))
        assertEquals(listOf("new", null), store.read("a", "b"))
    }

    @Test
    fun `a scan is ascending by unsigned bytes, within the prefix, after and at most`() = runTest {
        val store = store()
        val keys = listOf(byteArrayOf(1), byteArrayOf(1, 0), byteArrayOf(1, 0x7f), byteArrayOf(1, -1), byteArrayOf(1, -1, -1), byteArrayOf(2))
        store.handle(Write(keys.shuffled().map { StoredPair(it.asUBytes(), listOf()) }, listOf()))
        suspend fun scan(prefix: ByteArray, after: ByteArray?, limit: UInt): List<List<Byte>> {
            val output = store.handle(Scan(prefix.asUBytes(), after?.asUBytes(), limit))
            return assertIs<StorageOutput.Pairs>(output).value.map { it.key.toBytes().toList() }
        }
        val expected = keys.map { it.toList() }
        assertEquals(expected, scan(byteArrayOf(), null, 100u))
        assertEquals(expected.subList(0, 5), scan(byteArrayOf(1), null, 100u))
        assertEquals(expected.subList(2, 4), scan(byteArrayOf(1), byteArrayOf(1, 0), 2u))
        assertEquals(expected.subList(3, 5), scan(byteArrayOf(1, -1), byteArrayOf(0), 100u))
        assertEquals(listOf(), scan(byteArrayOf(1), byteArrayOf(2), 100u))
        assertEquals(listOf(), scan(byteArrayOf(-1, -1), null, 100u))
        assertEquals(listOf(), scan(byteArrayOf(1), null, 0u))
    }

    @Test
    fun `a new handler on the same file sees what was written`() = runTest {
        store().use { it.handle(write("a" to "1", "secret/a" to "2")) }
        assertEquals(listOf("1", "2"), store().read("a", "secret/a"))
    }

    @Test
    fun `secrets do not lie readable on the disk, and other values do`() = runTest {
        val store = store()
        store.handle(write("secret/r/1" to "the sealing key", "open" to "the open value"))
        assertEquals(listOf("the sealing key"), store.read("secret/r/1"))
        val pairs = store.handle(Scan(key("secret/"), null, 9u))
        assertEquals(StorageOutput.Pairs(listOf(pair("secret/r/1", "the sealing key"))), pairs)
        val disk = folder.listDirectoryEntries().map { String(it.readBytes(), Charsets.ISO_8859_1) }
        assertFalse(disk.any { "the sealing key" in it })
        assertTrue(disk.any { "the open value" in it })
    }

    @Test
    fun `secrets sealed under another key are a fault, not bytes`() = runTest {
        store().use { it.handle(write("secret/a" to "1", "b" to "2")) }
        Files.delete(folder.resolve("key"))
        val store = store()
        assertEquals(StorageOutput.Failed(StorageFault.BROKEN), store.handle(Read(listOf(key("secret/a")))))
        assertEquals(listOf("2"), store.read("b"))
    }

    @Test
    fun `a batch that does not fit is not kept at all`() = runTest {
        val store = store(mostPages = 16)
        store.handle(write("a" to "1"))
        val large = Write(listOf(pair("b", "2"), StoredPair(key("c"), ByteArray(100_000).asUBytes())), listOf(key("a")))
        assertEquals(StorageOutput.Failed(StorageFault.FULL), store.handle(large))
        assertEquals(listOf("1", null, null), store.read("a", "b", "c"))
        assertEquals(StorageOutput.Written, store.handle(write("d" to "3")))
    }

    @Test
    fun `the second to open the file is told that it is not the owner`() = runTest {
        store().handle(write("a" to "1"))
        assertEquals(StorageOutput.Failed(StorageFault.NOTOWNER), store().handle(write("a" to "2")))
    }

    @Test
    fun `a folder that is missing and a file that is no database are faults`() = runTest {
        val missing = StorageHandler(folder.resolve("missing/kith.db"), box())
        assertIs<StorageOutput.Failed>(missing.handle(write("a" to "1")))
        Files.writeString(folder.resolve("kith.db"), "something else entirely, and longer than a header".repeat(9))
        assertEquals(StorageOutput.Failed(StorageFault.BROKEN), store().handle(write("a" to "1")))
    }

    private fun box() = AesGcmBox(KeyFile.load(folder.resolve("key")))

    private fun store(mostPages: Int = 0) =
        StorageHandler(folder.resolve("kith.db"), box(), mostPages = mostPages).also { opened += it }

    private suspend fun StorageHandler.read(vararg keys: String): List<String?> {
        val output = assertIs<StorageOutput.Values>(handle(Read(keys.map(::key))))
        return output.value.map { stored -> stored.value?.toBytes()?.decodeToString() }
    }

    private fun write(vararg pairs: Pair<String, String>): StorageOperation =
        Write(pairs.map { (key, value) -> pair(key, value) }, listOf())

    private fun pair(key: String, value: String) = StoredPair(key(key), key(value))

    private fun key(text: String) = text.encodeToByteArray().asUBytes()
}
