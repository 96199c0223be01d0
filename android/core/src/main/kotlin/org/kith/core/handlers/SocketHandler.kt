package org.kith.core.handlers

import org.kith.shared.SocketOperation
import org.kith.shared.SocketOutput

/**
 * No socket yet: every opening is answered with Closed, and the core then talks through `POST /v1/sync`,
 * as it does on networks that block WebSockets (ADR 0072).
 */
class SocketHandler {
    fun handle(operation: SocketOperation, answer: (SocketOutput) -> Unit) {
        when (operation) {
            is SocketOperation.Open -> answer(SocketOutput.Closed)
            // Nothing is ever open.
            is SocketOperation.Send, is SocketOperation.Close -> Unit
        }
    }
}
