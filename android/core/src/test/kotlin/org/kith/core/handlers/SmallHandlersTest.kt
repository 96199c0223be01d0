package org.kith.core.handlers

import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.kith.shared.Duration
import org.kith.shared.EntropyOperation
import org.kith.shared.Instant
import org.kith.shared.SocketOperation
import org.kith.shared.SocketOutput
import org.kith.shared.TimeRequest
import org.kith.shared.TimeResponse
import org.kith.shared.TimerId
import java.time.Clock
import java.time.ZoneOffset
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNotEquals

@OptIn(ExperimentalCoroutinesApi::class)
class SmallHandlersTest {
    private val clock = Clock.fixed(java.time.Instant.ofEpochSecond(1_700_000_000, 5), ZoneOffset.UTC)

    @Test
    fun `entropy has the length asked for and is never the same`() {
        val (first, second) = List(2) { EntropyHandler().handle(EntropyOperation(32u)).bytes }
        assertEquals(32, first.size)
        assertNotEquals(first, second)
        assertEquals(32, EntropyHandler().handle(EntropyOperation(UInt.MAX_VALUE)).bytes.size)
        assertEquals(0, EntropyHandler().handle(EntropyOperation(0u)).bytes.size)
    }

    @Test
    fun `now is the clock's`() = runTest {
        val heard = mutableListOf<TimeResponse>()
        TimeHandler(clock).handle(TimeRequest.Now, this, heard::add)
        assertEquals(listOf<TimeResponse>(TimeResponse.Now(Instant(1_700_000_000u, 5u))), heard)
    }

    @Test
    fun `timers ring once, when it is time, and not when cleared`() = runTest {
        val time = TimeHandler(clock)
        val heard = mutableListOf<Pair<Long, TimeResponse>>()
        fun ask(request: TimeRequest) = time.handle(request, this) { heard += currentTime to it }
        ask(TimeRequest.NotifyAfter(TimerId(1u), Duration(2_000_000_000u)))
        ask(TimeRequest.NotifyAfter(TimerId(2u), Duration(1_000_000_000u)))
        ask(TimeRequest.NotifyAt(TimerId(3u), Instant(1_700_000_003u, 5u)))
        ask(TimeRequest.NotifyAt(TimerId(4u), Instant(1_600_000_000u, 0u)))
        runCurrent()
        ask(TimeRequest.Clear(TimerId(2u)))
        advanceTimeBy(10_000)
        val expected = listOf(
            0L to TimeResponse.InstantArrived(TimerId(4u)),
            0L to TimeResponse.Cleared(TimerId(2u)),
            2000L to TimeResponse.DurationElapsed(TimerId(1u)),
            3000L to TimeResponse.InstantArrived(TimerId(3u)),
        )
        assertEquals<List<Pair<Long, TimeResponse>>>(expected, heard)
    }

    @Test
    fun `a socket closes at once, once`() {
        val heard = mutableListOf<SocketOutput>()
        val socket = SocketHandler()
        socket.handle(SocketOperation.Open(1u, "ws://kith.example/v1/socket"), heard::add)
        socket.handle(SocketOperation.Send(1u, listOf()), heard::add)
        socket.handle(SocketOperation.Close(1u), heard::add)
        assertEquals(listOf<SocketOutput>(SocketOutput.Closed), heard)
    }
}
