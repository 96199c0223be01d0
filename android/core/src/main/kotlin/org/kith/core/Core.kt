package org.kith.core

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch
import org.kith.shared.Effect
import org.kith.shared.Event
import org.kith.shared.Request
import org.kith.shared.StorageOperation
import org.kith.shared.ViewModel
import uniffi.shared.CoreException

/**
 * The running core: takes events, has its effects carried out, shows the newest view.
 *
 * One coroutine talks to the core. Effects run beside it and each other, except that storage is asked in
 * the order in which the core asked: a write that overtook another could bring back what was replaced.
 * It lives as long as [scope]. [onFault] hears of what should not happen: a fault of this shell.
 */
class Core(
    private val bridge: CoreBridge,
    private val handlers: Handlers,
    private val scope: CoroutineScope,
    private val onFault: (Throwable) -> Unit,
) {
    private sealed interface Input {
        class Happened(val event: Event) : Input
        class Answered(val id: UInt, val output: ByteArray) : Input
    }

    private class Question(val id: UInt, val operation: StorageOperation)

    private val inbox = Channel<Input>(Channel.UNLIMITED)
    private val questions = Channel<Question>(Channel.UNLIMITED)
    private val shown = MutableStateFlow(bridge.view())

    /** What to draw. */
    val view: StateFlow<ViewModel> = shown.asStateFlow()

    init {
        scope.launch { for (input in inbox) take(input) }
        scope.launch {
            for (question in questions) {
                answer(question.id, handlers.storage.handle(question.operation).bincodeSerialize())
            }
        }
    }

    /** Says that something happened; what follows from it is in [view] later. Never blocks, from any thread. */
    fun send(event: Event) {
        inbox.trySend(Input.Happened(event))
    }

    private fun take(input: Input) {
        try {
            val requests = when (input) {
                is Input.Happened -> bridge.update(event = input.event)
                is Input.Answered -> bridge.resolve(input.id, input.output)
            }
            requests.forEach(::carryOut)
        } catch (fault: CoreException) {
            onFault(fault)
        }
    }

    private fun carryOut(request: Request) {
        val id = request.id
        when (val effect = request.effect) {
            is Effect.Render -> shown.value = bridge.view()
            is Effect.Storage -> questions.trySend(Question(id, effect.value))
            is Effect.Entropy -> answer(id, handlers.entropy.handle(effect.value).bincodeSerialize())
            is Effect.Time -> handlers.time.handle(effect.value, scope) { answer(id, it.bincodeSerialize()) }
            is Effect.Http -> scope.launch { answer(id, handlers.http.handle(effect.value).bincodeSerialize()) }
            is Effect.Socket -> handlers.socket.handle(effect.value) { answer(id, it.bincodeSerialize()) }
            is Effect.Platform -> scope.launch {
                answer(id, handlers.platform.handle(effect.value).bincodeSerialize())
            }
        }
    }

    private fun answer(id: UInt, output: ByteArray) {
        inbox.trySend(Input.Answered(id, output))
    }
}
