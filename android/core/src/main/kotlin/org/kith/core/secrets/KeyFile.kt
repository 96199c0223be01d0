package org.kith.core.secrets

import java.io.IOException
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardCopyOption
import java.nio.file.attribute.PosixFilePermissions
import java.security.SecureRandom
import javax.crypto.SecretKey
import javax.crypto.spec.SecretKeySpec

/** A sealing key in a file of its own that only its owner may read, for machines without a keystore. */
object KeyFile {
    private const val LENGTH = 32

    /**
     * Reads the key, or makes one when the file is missing.
     *
     * @throws IOException when the file cannot be read or written, or holds something else.
     */
    fun load(path: Path): SecretKey {
        if (Files.notExists(path)) create(path)
        val bytes = Files.readAllBytes(path)
        if (bytes.size != LENGTH) throw IOException("$path does not hold a key")
        return SecretKeySpec(bytes, "AES")
    }

    private fun create(path: Path) {
        val bytes = ByteArray(LENGTH).also { SecureRandom().nextBytes(it) }
        val owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        val draft = Files.createTempFile(path.toAbsolutePath().parent, "key", null, owner)
        Files.write(draft, bytes)
        // Either no file or a whole one, also when the power fails here.
        Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE)
    }
}
