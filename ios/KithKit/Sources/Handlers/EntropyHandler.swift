import SharedTypes

/// Bytes of the platform's cryptographic generator: Swift's own promises to be one on every platform we build for.
public struct EntropyHandler: Sendable {
  /// The core never asks for more.
  static let most: UInt32 = 32

  public init() {}

  func handle(_ operation: EntropyOperation) -> EntropyOutput {
    var generator = SystemRandomNumberGenerator()
    let length = min(operation.length, Self.most)
    return EntropyOutput(bytes: (0..<length).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
  }
}
