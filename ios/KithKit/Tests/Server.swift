import Foundation
import SharedTypes

@testable import KithKit

/// A real server as a process of its own, keeping everything in memory. It ends with the test.
final class Server: @unchecked Sendable {
  struct NotStarted: Error {}

  /// E.g. `http://127.0.0.1:40123`.
  let origin: String
  private let process = Process()

  init() throws {
    guard let program = ProcessInfo.processInfo.environment["KITH_SERVER"] else { throw NotStarted() }
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = ["--listen=127.0.0.1:0", "--store=memory:"]
    process.environment = ["KITH_LOG": "warn"]
    process.standardOutput = output
    try process.run()
    // One line: `listening on http://…`.
    var line = Data()
    while let byte = try output.fileHandleForReading.read(upToCount: 1), !byte.isEmpty,
      byte != Data("\n".utf8)
    {
      line += byte
    }
    guard let origin = String(decoding: line, as: UTF8.self).split(separator: " ").last,
      origin.hasPrefix("http")
    else {
      process.terminate()
      throw NotStarted()
    }
    self.origin = String(origin)
  }

  deinit { kill(process.processIdentifier, SIGKILL) }

  /// Ends it, and waits without holding a thread: `waitUntilExit` would block one of the few that tasks share. A
  /// process started from a task inherits that its thread hears no signal; only SIGKILL always arrives.
  func stop() async {
    await withCheckedContinuation { ended in
      process.terminationHandler = { _ in ended.resume() }
      kill(process.processIdentifier, SIGKILL)
    }
  }

  /// How many sealed entries it has committed, by its own count.
  func entriesTaken() async throws -> Int {
    let request = HttpRequest(method: "GET", url: origin + "/metrics", headers: [], body: [])
    guard case .ok(let answer) = await HttpHandler().handle(request) else { throw NotStarted() }
    let page = String(decoding: answer.body, as: UTF8.self)
    let line = page.split(separator: "\n").first { $0.hasPrefix("kith_entries_taken_total ") }
    return line?.split(separator: " ").last.flatMap { Int($0) } ?? 0
  }
}
