import Foundation

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

  deinit {
    process.terminate()
    process.waitUntilExit()
  }
}
