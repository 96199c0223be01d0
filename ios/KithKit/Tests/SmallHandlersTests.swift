import Foundation
import SharedTypes
import Testing

@testable import KithKit

@Suite struct SmallHandlersTests {
  @Test func entropyHasTheLengthAskedForAndIsNeverTheSame() {
    let handler = EntropyHandler()
    let first = handler.handle(EntropyOperation(length: 32)).bytes
    #expect(first.count == 32)
    #expect(handler.handle(EntropyOperation(length: 32)).bytes != first)
    #expect(handler.handle(EntropyOperation(length: .max)).bytes.count == 32)
    #expect(handler.handle(EntropyOperation(length: 0)).bytes.isEmpty)
  }

  @Test func aSocketClosesAtOnceOnce() {
    var heard: [SocketOutput] = []
    let socket = SocketHandler()
    socket.handle(.open(id: 1, url: "ws://kith.example/v1/socket")) { heard.append($0) }
    socket.handle(.send(id: 1, frame: [])) { heard.append($0) }
    socket.handle(.close(id: 1)) { heard.append($0) }
    #expect(heard == [.closed])
  }

  @Test func nowIsTheClocks() async {
    let time = TimeHandler(now: { Date(timeIntervalSince1970: 1_700_000_000.25) }, sleep: { _ in })
    var answers = Answers()
    await time.handle(.now, answer: answers.hear)
    #expect(await answers.next() == .now(instant: Instant(seconds: 1_700_000_000, nanos: 250_000_000)))
  }

  @Test func timersWaitAsLongAsTheyShouldAndRingOnce() async {
    let (slept, sleeping) = AsyncStream.makeStream(of: UInt64.self)
    let time = TimeHandler(now: { Date(timeIntervalSince1970: 1000) }, sleep: { sleeping.yield($0) })
    var waits = slept.makeAsyncIterator()
    var answers = Answers()
    let id = TimerId(value: 1)
    await time.handle(.notifyAfter(id: id, duration: Duration(nanos: 5)), answer: answers.hear)
    #expect(await answers.next() == .durationElapsed(id: id))
    #expect(await waits.next() == 5)
    await time.handle(.notifyAt(id: id, instant: Instant(seconds: 1002, nanos: 0)), answer: answers.hear)
    #expect(await answers.next() == .instantArrived(id: id))
    #expect(await waits.next() == 2_000_000_000)
    await time.handle(.notifyAt(id: id, instant: Instant(seconds: 1, nanos: 0)), answer: answers.hear)
    #expect(await answers.next() == .instantArrived(id: id))
    #expect(await waits.next() == 0)
  }

  @Test func aClearedTimerIsNotHeard() async {
    // The timer ends only because it is cancelled, and the answer to `clear` is then the only one.
    let (cancelled, note) = AsyncStream.makeStream(of: Void.self)
    let time = TimeHandler(
      now: { Date() },
      sleep: { _ in
        defer { note.yield() }
        try await Task.sleep(nanoseconds: .max / 4)
      })
    var ends = cancelled.makeAsyncIterator()
    var answers = Answers()
    let id = TimerId(value: 1)
    await time.handle(.notifyAfter(id: id, duration: Duration(nanos: 1)), answer: answers.hear)
    await time.handle(.clear(id: id), answer: answers.hear)
    #expect(await answers.next() == .cleared(id: id))
    await ends.next()
    await time.handle(.now, answer: answers.hear)
    guard case .now = await answers.next() else { return #expect(Bool(false), "the timer was heard") }
  }
}

/// What a handler answered, in order.
struct Answers {
  let hear: @Sendable (TimeResponse) -> Void
  private var heard: AsyncStream<TimeResponse>.AsyncIterator

  init() {
    let (stream, continuation) = AsyncStream.makeStream(of: TimeResponse.self)
    hear = { continuation.yield($0) }
    heard = stream.makeAsyncIterator()
  }

  mutating func next() async -> TimeResponse? { await heard.next() }
}
