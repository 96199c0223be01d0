package org.kith.core.handlers

import org.kith.core.asUBytes
import org.kith.shared.EntropyOperation
import org.kith.shared.EntropyOutput
import java.security.SecureRandom

/** Bytes of the platform's cryptographic generator. */
class EntropyHandler(private val generator: SecureRandom = SecureRandom()) {
    fun handle(operation: EntropyOperation): EntropyOutput {
        val bytes = ByteArray(operation.length.coerceAtMost(MOST).toInt())
        generator.nextBytes(bytes)
        return EntropyOutput(bytes.asUBytes())
    }

    private companion object {
        /** The core never asks for more. */
        const val MOST = 32u
    }
}
