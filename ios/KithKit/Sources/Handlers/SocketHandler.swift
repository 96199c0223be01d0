import SharedTypes

/// No socket yet: every opening is answered with `closed`, and the core then talks through `POST /v1/sync`, as it
/// does on networks that block WebSockets (ADR 0072).
public struct SocketHandler: Sendable {
  public init() {}

  func handle(_ operation: SocketOperation, answer: (SocketOutput) -> Void) {
    switch operation {
    case .open: answer(.closed)
    // Nothing is ever open.
    case .send, .close: break
    }
  }
}
