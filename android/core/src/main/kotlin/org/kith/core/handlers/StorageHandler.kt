package org.kith.core.handlers

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import org.kith.core.asUBytes
import org.kith.core.secrets.SecretBox
import org.kith.core.toBytes
import org.kith.shared.StorageFault
import org.kith.shared.StorageOperation
import org.kith.shared.StorageOutput
import org.kith.shared.StoredPair
import org.kith.shared.StoredValue
import org.sqlite.SQLiteErrorCode
import org.sqlite.SQLiteException
import java.nio.file.Path
import java.security.GeneralSecurityException
import java.sql.SQLException

/**
 * Ordered keys to bytes in one SQLite file; a batch is one transaction. Values under `secret/` are sealed.
 *
 * Not for several coroutines at once: the order of calls is the order of writes.
 *
 * @param mostPages limits the file's size, in pages of 4 kB; 0 for no limit.
 */
class StorageHandler(
    private val path: Path,
    private val secrets: SecretBox,
    private val dispatcher: CoroutineDispatcher = Dispatchers.IO,
    private val mostPages: Int = 0,
) : AutoCloseable {
    private var opened: Database? = null

    suspend fun handle(operation: StorageOperation): StorageOutput = withContext(dispatcher) {
        try {
            // Opened when first asked, so that a file that cannot be opened is an answer and no crash.
            val database = opened ?: Database.open(path, mostPages).also { opened = it }
            database.transaction { carryOut(operation) }
        } catch (fault: SQLException) {
            StorageOutput.Failed(fault.asFault())
        } catch (_: GeneralSecurityException) {
            // The key is gone, or somebody changed the file.
            StorageOutput.Failed(StorageFault.BROKEN)
        }
    }

    override fun close() {
        opened?.close()
        opened = null
    }

    private fun Database.carryOut(operation: StorageOperation): StorageOutput = when (operation) {
        is StorageOperation.Write -> {
            operation.deletes.forEach { delete(it.toBytes()) }
            operation.puts.forEach { put(it.key.toBytes(), sealed(it.key.toBytes(), it.value.toBytes())) }
            StorageOutput.Written
        }
        is StorageOperation.Read -> StorageOutput.Values(
            operation.keys.map { it.toBytes() }.map { key -> StoredValue(get(key)?.let { opened(key, it).asUBytes() }) },
        )
        is StorageOperation.Scan -> {
            val prefix = operation.prefix.toBytes()
            val after = operation.after?.toBytes()?.takeIf { it.compareBytes(prefix) >= 0 }
            val limit = operation.limit.coerceAtMost(Int.MAX_VALUE.toUInt()).toInt()
            StorageOutput.Pairs(
                range(after ?: prefix, including = after == null, prefix.successor(), limit)
                    .map { (key, value) -> StoredPair(key.asUBytes(), opened(key, value).asUBytes()) },
            )
        }
    }

    private fun sealed(key: ByteArray, value: ByteArray) = if (key.isSecret()) secrets.seal(key, value) else value

    private fun opened(key: ByteArray, value: ByteArray) = if (key.isSecret()) secrets.open(key, value) else value

    private fun SQLException.asFault(): StorageFault {
        val primary = (this as? SQLiteException)?.resultCode?.code?.and(PRIMARY)
        return when (primary) {
            SQLiteErrorCode.SQLITE_FULL.code -> StorageFault.FULL
            SQLiteErrorCode.SQLITE_BUSY.code, SQLiteErrorCode.SQLITE_LOCKED.code -> StorageFault.NOTOWNER
            SQLiteErrorCode.SQLITE_CANTOPEN.code,
            SQLiteErrorCode.SQLITE_PERM.code,
            SQLiteErrorCode.SQLITE_READONLY.code,
            -> StorageFault.REFUSED
            else -> StorageFault.BROKEN
        }
    }

    private companion object {
        const val PRIMARY = 0xff
        val SECRET = "secret/".encodeToByteArray()

        fun ByteArray.isSecret() = size >= SECRET.size && SECRET.indices.all { this[it] == SECRET[it] }

        fun ByteArray.compareBytes(other: ByteArray): Int = java.util.Arrays.compareUnsigned(this, other)

        /** The first key after all that begin with this prefix; null when there is none. */
        fun ByteArray.successor(): ByteArray? {
            val last = indexOfLast { it != (-1).toByte() }
            if (last < 0) return null
            return copyOf(last + 1).also { it[last]++ }
        }
    }
}
