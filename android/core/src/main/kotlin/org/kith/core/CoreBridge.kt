package org.kith.core

import org.kith.shared.Event
import org.kith.shared.Request
import org.kith.shared.Requests
import org.kith.shared.ViewModel
import uniffi.shared.CoreException
import uniffi.shared.CoreFfi
import java.nio.ByteBuffer

/**
 * Carries values over the border to the core as bytes, and holds no rule of the domain.
 *
 * One call at a time: what the core asks for is then in the order in which things happened.
 */
class CoreBridge : AutoCloseable {
    private val core = CoreFfi()

    /** @throws CoreException.BadEvent when the core cannot read it; its state is as before. */
    fun update(event: Event): List<Request> = update(event.bincodeSerialize())

    /**
     * Answers the request [id] with a serialised output.
     *
     * @throws CoreException.BadAnswer when the core cannot read it or nobody asked; its state is as before.
     */
    @Synchronized
    fun resolve(id: UInt, output: ByteArray): List<Request> = requests(core.resolve(id, output.direct()))

    @Synchronized
    fun view(): ViewModel = ViewModel.bincodeDeserialize(core.view())

    @Synchronized
    override fun close() = core.close()

    @Synchronized
    internal fun update(event: ByteArray): List<Request> = requests(core.update(event.direct()))

    private fun requests(bytes: ByteArray) = Requests.bincodeDeserialize(bytes).value

    /** The binding borrows memory for the call, so the bytes have to lie outside the collected heap. */
    private fun ByteArray.direct(): ByteBuffer = ByteBuffer.allocateDirect(size).put(this).flip()
}
