/// Seals what must not lie readable on the disk, under a key of the platform's.
public protocol SecretBox: Sendable {
  /// `place`: where it will lie; a sealed value opens only there.
  func seal(_ value: [UInt8], at place: [UInt8]) throws -> [UInt8]

  /// Throws when it was changed, moved, or sealed under another key.
  func open(_ sealed: [UInt8], at place: [UInt8]) throws -> [UInt8]
}
