import Foundation
import SharedTypes
import Testing

@testable import KithKit

/// What a person does on the first evening, through every handler, the real core and a real server.
@Suite struct StoryTests {
  let folder: Folder
  let faults = Faults()

  init() throws {
    folder = try Folder()
  }

  @Test(.timeLimit(.minutes(2)))
  func aCircleIsStartedAnEntryIsSharedAndBothAreThereAfterARestartWithoutReception() async throws {
    let server = try Server()
    let entry = try await phone(server.origin) { screen in
      screen.send(.do(.open(.start)))
      screen.send(.fieldChanged(field: "person", value: .text("Rose")))
      screen.send(.fieldChanged(field: "name", value: .text("Anna")))
      screen.send(.do(.startCircle))
      try await screen.until("founded") { $0.bar?.person == "Rose" && $0.sharing == .allShared }
      let before = try await server.entriesTaken()
      screen.send(.do(.quickLog(kind: "drink")))
      try await screen.until("kept") { $0.undo != nil }
      try await screen.until("shared") { $0.sharing == .allShared }
      #expect(try await server.entriesTaken() > before, "the server has what the app calls shared")
      return try await screen.log()
    }
    let origin = server.origin
    await server.stop()
    try await phone(origin) { screen in
      let kept = try await screen.log()
      #expect(kept.count == 1)
      #expect(kept.map(\.title) == entry.map(\.title))
      #expect(kept.map(\.time) == entry.map(\.time))
      let view = try await screen.until("offline") { $0.sharing == .noReception }
      #expect(view.bar?.person == "Rose")
    }
    #expect(faults.all.isEmpty)
  }

  /// The app from its start until it is closed, on the same storage each time.
  private func phone<T>(_ origin: String, _ use: (Screen) async throws -> T) async throws -> T {
    let storage = StorageHandler(path: folder.path("kith.db"), secrets: PlainBox(key: 7))
    let handlers = Handlers(storage: storage, platform: NoPlatform())
    let core = Core(bridge: CoreBridge(), handlers: handlers, onFault: faults.hear)
    let screen = Screen(core)
    screen.send(.started(launch(origin)))
    try await screen.until("started") { $0.screen.kind != .starting }
    let result = try await use(screen)
    core.close()
    await storage.close()
    return result
  }
}

/// Looks at the newest view, and touches it.
private final class Screen {
  struct Never: Error {
    let what: String
    let view: ViewModel?
  }

  private let core: Core
  private var views: AsyncStream<ViewModel>.AsyncIterator
  private var last: ViewModel?

  init(_ core: Core) {
    self.core = core
    views = core.views.makeAsyncIterator()
  }

  func send(_ event: Event) { core.send(event) }

  /// The first view of which this is true, the one on the screen included.
  @discardableResult
  func until(_ what: String, _ condition: (ViewModel) -> Bool) async throws -> ViewModel {
    if let last, condition(last) { return last }
    while let view = await views.next() {
      last = view
      if condition(view) { return view }
    }
    throw Never(what: what, view: last)
  }

  /// The rows of the log, once it shows any.
  func log() async throws -> [RowView] {
    send(.do(.open(.log)))
    return try await until("in the log") { $0.path == "/log" && !$0.rows.isEmpty }.rows
  }
}

private struct NoPlatform: PlatformHandler {
  func handle(_ operation: PlatformOperation) async -> PlatformOutput { .refused }
}

/// What should not have happened.
final class Faults: @unchecked Sendable {
  private let lock = NSLock()
  private var heard: [any Error] = []

  var all: [any Error] { lock.withLock { heard } }

  @Sendable func hear(_ fault: any Error) { lock.withLock { heard.append(fault) } }
}

extension ViewModel {
  fileprivate var sharing: SharingKind? { bar?.sharing.kind }

  fileprivate var rows: [RowView] {
    screen.blocks.flatMap { block -> [RowView] in
      if case .section(let section) = block { section.rows } else { [] }
    }
  }
}
