import Foundation
import SharedTypes

/// Carries values over the border to the core as bytes, and holds no rule of the domain.
///
/// One call at a time: what the core asks for is then in the order in which things happened.
public actor CoreBridge {
  private let core = CoreFfi()

  public init() {}

  /// Throws `CoreError.BadEvent` when the core cannot read it; its state is as before.
  public func update(_ event: Event) throws -> [Request] {
    try update(bytes: event.bincodeSerialize())
  }

  /// Answers the request `id` with a serialised output. Throws `CoreError.BadAnswer` when the core cannot read it
  /// or nobody asked; its state is as before.
  public func resolve(_ id: UInt32, _ output: [UInt8]) throws -> [Request] {
    try requests(core.resolve(id: id, output: Data(output)))
  }

  public func view() throws -> ViewModel {
    try ViewModel.bincodeDeserialize(input: Array(core.view()))
  }

  func update(bytes: [UInt8]) throws -> [Request] {
    try requests(core.update(event: Data(bytes)))
  }

  private func requests(_ bytes: Data) throws -> [Request] {
    try Requests.bincodeDeserialize(input: Array(bytes)).value
  }
}
