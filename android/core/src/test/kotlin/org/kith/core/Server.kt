package org.kith.core

import java.lang.ProcessBuilder.Redirect
import java.net.URI

/** A real server as a process of its own, keeping everything in memory. */
class Server : AutoCloseable {
    private val process = ProcessBuilder(System.getProperty("kith.server"), "--listen=127.0.0.1:0", "--store=memory:")
        .redirectError(Redirect.INHERIT)
        .apply { environment()["KITH_LOG"] = "warn" }
        .start()

    /** E.g. `http://127.0.0.1:40123`, from its one line on standard output. */
    val origin: String = process.inputReader().readLine()?.substringAfterLast(' ') ?: error("the server did not start")

    /** How many sealed entries it has committed, by its own count. */
    fun entriesTaken(): Int {
        val page = URI.create("$origin/metrics").toURL().readText()
        return page.lineSequence().first { it.startsWith("kith_entries_taken_total ") }.substringAfter(' ').toInt()
    }

    override fun close() {
        process.destroy()
        process.waitFor()
    }
}
