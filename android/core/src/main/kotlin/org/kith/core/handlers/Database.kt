package org.kith.core.handlers

import org.sqlite.SQLiteConfig
import org.sqlite.SQLiteConfig.JournalMode
import org.sqlite.SQLiteConfig.LockingMode
import org.sqlite.SQLiteConfig.SynchronousMode
import java.nio.file.Path
import java.sql.Connection
import java.sql.SQLException

/** SQLite as an ordered map of bytes: BLOB keys compare bytewise, which is the order that the core wants. */
internal class Database private constructor(private val connection: Connection) : AutoCloseable {
    /** All of [work] is durable afterwards, or nothing of it happened. */
    fun <T> transaction(work: Database.() -> T): T {
        run("BEGIN IMMEDIATE")
        try {
            return work().also { run("COMMIT") }
        } catch (fault: Throwable) {
            // SQLite may have rolled back by itself already (no room), and then refuses to do it again.
            runCatching { run("ROLLBACK") }.onFailure(fault::addSuppressed)
            throw fault
        }
    }

    fun put(key: ByteArray, value: ByteArray) {
        connection.prepareStatement("INSERT OR REPLACE INTO pairs (key, value) VALUES (?, ?)").use {
            it.setBytes(1, key)
            it.setBytes(2, value)
            it.executeUpdate()
        }
    }

    fun delete(key: ByteArray) {
        connection.prepareStatement("DELETE FROM pairs WHERE key = ?").use {
            it.setBytes(1, key)
            it.executeUpdate()
        }
    }

    fun get(key: ByteArray): ByteArray? =
        connection.prepareStatement("SELECT value FROM pairs WHERE key = ?").use {
            it.setBytes(1, key)
            it.executeQuery().use { row -> if (row.next()) row.getBytes(1).orEmpty() else null }
        }

    /** Pairs of `first <= key < end`, ascending; without the key [first] itself unless [including]. */
    fun range(first: ByteArray, including: Boolean, end: ByteArray?, limit: Int): List<Pair<ByteArray, ByteArray>> {
        val lower = if (including) ">=" else ">"
        val upper = if (end == null) "" else "AND key < ?2"
        val query = "SELECT key, value FROM pairs WHERE key $lower ?1 $upper ORDER BY key LIMIT ?3"
        return connection.prepareStatement(query).use {
            it.setBytes(1, first)
            if (end != null) it.setBytes(2, end)
            it.setInt(3, limit)
            it.executeQuery().use { row ->
                buildList { while (row.next()) add(row.getBytes(1).orEmpty() to row.getBytes(2).orEmpty()) }
            }
        }
    }

    override fun close() = connection.close()

    private fun run(statement: String) {
        connection.createStatement().use { it.executeUpdate(statement) }
    }

    /** The driver gives null for an empty BLOB. */
    private fun ByteArray?.orEmpty() = this ?: ByteArray(0)

    companion object {
        /**
         * Opens or creates it. Another process that has it open makes this fail with SQLITE_BUSY.
         *
         * @param mostPages limits its size, in pages of 4 kB; 0 for no limit.
         */
        fun open(path: Path, mostPages: Int): Database {
            val config = SQLiteConfig().apply {
                setJournalMode(JournalMode.WAL)
                // Durable when the write is answered, also when the power fails.
                setSynchronous(SynchronousMode.FULL)
                setLockingMode(LockingMode.EXCLUSIVE)
                setBusyTimeout(0)
                if (mostPages > 0) setMaxPageCount(mostPages)
            }
            val connection = config.createConnection("jdbc:sqlite:${path.toAbsolutePath()}")
            try {
                return Database(connection).apply { run(SCHEMA) }
            } catch (fault: SQLException) {
                connection.close()
                throw fault
            }
        }

        private const val SCHEMA =
            "CREATE TABLE IF NOT EXISTS pairs (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID"
    }
}
