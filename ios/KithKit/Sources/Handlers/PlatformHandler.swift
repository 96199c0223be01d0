import SharedTypes

/// What only the platform can do for a person: clipboard, share sheet. The app implements it.
public protocol PlatformHandler: Sendable {
  func handle(_ operation: PlatformOperation) async -> PlatformOutput
}
