import Foundation
import SharedTypes

/// How the tests start the app.
func launch(_ origin: String) -> Launch {
  Launch(
    origin: origin, path: "/", languages: ["en-GB"], zone: "Europe/London", platform: .ios, ownership: .mine,
    persistent: true)
}

/// A folder that is gone when the test is.
final class Folder: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "kith-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appending(path: name).path }
}
