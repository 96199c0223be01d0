import Foundation
import SharedTypes

/// The clock, and timers by the id that the core gave them. A cleared timer does not answer.
public actor TimeHandler {
  /// Unix time, as the tests can set it.
  typealias Now = @Sendable () -> Date
  /// Waits so many nanoseconds; throws when it is cancelled.
  typealias Sleep = @Sendable (UInt64) async throws -> Void

  private let now: Now
  private let sleep: Sleep
  private var timers: [UInt64: Task<Void, Never>] = [:]

  public init() {
    self.init(now: { Date() }, sleep: { try await Task.sleep(nanoseconds: $0) })
  }

  init(now: @escaping Now, sleep: @escaping Sleep) {
    self.now = now
    self.sleep = sleep
  }

  deinit {
    for timer in timers.values { timer.cancel() }
  }

  func handle(_ request: TimeRequest, answer: @escaping @Sendable (TimeResponse) -> Void) {
    switch request {
    case .now:
      answer(.now(instant: instant(now())))
    case .notifyAt(let id, let instant):
      let seconds = Double(instant.seconds) + Double(instant.nanos) / 1e9 - now().timeIntervalSince1970
      start(id, nanoseconds: nanoseconds(seconds)) { answer(.instantArrived(id: id)) }
    case .notifyAfter(let id, let duration):
      start(id, nanoseconds: duration.nanos) { answer(.durationElapsed(id: id)) }
    case .clear(let id):
      timers.removeValue(forKey: id.value)?.cancel()
      answer(.cleared(id: id))
    }
  }

  private func start(_ id: TimerId, nanoseconds: UInt64, ring: @escaping @Sendable () -> Void) {
    timers[id.value] = Task { [sleep] in
      guard (try? await sleep(nanoseconds)) != nil else { return }
      finish(id.value, ring)
    }
  }

  /// Within the actor, so that a timer that was cleared just now is not heard.
  private func finish(_ id: UInt64, _ ring: () -> Void) {
    guard let timer = timers.removeValue(forKey: id), !timer.isCancelled else { return }
    ring()
  }

  /// A clock before 1970 counts as 1970.
  private func instant(_ date: Date) -> Instant {
    let milliseconds = UInt64(max(0, (date.timeIntervalSince1970 * 1000).rounded()))
    return Instant(seconds: milliseconds / 1000, nanos: UInt32(milliseconds % 1000) * 1_000_000)
  }

  /// At most a year: nothing waits longer, and no sum overflows.
  private func nanoseconds(_ seconds: Double) -> UInt64 {
    UInt64(min(max(0, seconds), 31_536_000) * 1e9)
  }
}
