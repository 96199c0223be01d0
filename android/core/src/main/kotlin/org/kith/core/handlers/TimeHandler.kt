package org.kith.core.handlers

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import org.kith.shared.Instant
import org.kith.shared.TimeRequest
import org.kith.shared.TimeResponse
import org.kith.shared.TimerId
import java.time.Clock
import java.util.concurrent.ConcurrentHashMap
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.nanoseconds

/** The clock, and timers by the id that the core gave them. A cleared timer does not answer. */
class TimeHandler(private val clock: Clock = Clock.systemUTC()) {
    private val timers = ConcurrentHashMap<ULong, Job>()

    fun handle(request: TimeRequest, scope: CoroutineScope, answer: (TimeResponse) -> Unit) {
        when (request) {
            is TimeRequest.Now -> answer(TimeResponse.Now(now()))
            is TimeRequest.NotifyAt -> scope.after(request.id, until(request.instant)) {
                answer(TimeResponse.InstantArrived(request.id))
            }
            is TimeRequest.NotifyAfter -> scope.after(request.id, request.duration.nanos.nanoseconds()) {
                answer(TimeResponse.DurationElapsed(request.id))
            }
            is TimeRequest.Clear -> {
                timers.remove(request.id.value)?.cancel()
                answer(TimeResponse.Cleared(request.id))
            }
        }
    }

    private fun now(): Instant = clock.instant().let { Instant(it.epochSecond.toULong(), it.nano.toUInt()) }

    private fun until(instant: Instant): Duration {
        val then = java.time.Instant.ofEpochSecond(instant.seconds.toLong(), instant.nanos.toLong())
        return java.time.Duration.between(clock.instant(), then).toMillis().milliseconds
    }

    private fun CoroutineScope.after(id: TimerId, duration: Duration, ring: () -> Unit) {
        timers[id.value] = launch {
            delay(duration)
            timers.remove(id.value)
            ring()
        }
    }

    private fun ULong.nanoseconds(): Duration = coerceAtMost(Long.MAX_VALUE.toULong()).toLong().nanoseconds
}
