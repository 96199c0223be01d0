package org.kith.core.secrets

import org.junit.jupiter.api.io.TempDir
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.attribute.PosixFilePermissions
import java.security.GeneralSecurityException
import kotlin.test.Test
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse

class AesGcmBoxTest {
    @TempDir lateinit var folder: Path
    private val place = "secret/a".encodeToByteArray()
    private val value = "a key".encodeToByteArray()

    @Test
    fun `what is sealed opens in its place and nowhere else`() {
        val box = AesGcmBox(KeyFile.load(folder.resolve("key")))
        val sealed = box.seal(place, value)
        assertContentEquals(value, box.open(place, sealed))
        assertFailsWith<GeneralSecurityException> { box.open("secret/b".encodeToByteArray(), sealed) }
        assertFailsWith<GeneralSecurityException> { box.open(place, sealed.copyOf(sealed.size - 1)) }
        assertFailsWith<GeneralSecurityException> { box.open(place, byteArrayOf(1)) }
        val changed = sealed.copyOf().also { it[it.size / 2]++ }
        assertFailsWith<GeneralSecurityException> { box.open(place, changed) }
    }

    @Test
    fun `the same value is never sealed to the same bytes`() {
        val box = AesGcmBox(KeyFile.load(folder.resolve("key")))
        assertFalse(box.seal(place, value).contentEquals(box.seal(place, value)))
    }

    @Test
    fun `the key file is made once and is its owner's`() {
        val path = folder.resolve("key")
        val sealed = AesGcmBox(KeyFile.load(path)).seal(place, value)
        assertContentEquals(value, AesGcmBox(KeyFile.load(path)).open(place, sealed))
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
    }
}
