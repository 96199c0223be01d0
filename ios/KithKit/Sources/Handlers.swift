/// Who carries out which effect.
public struct Handlers: Sendable {
  let storage: StorageHandler
  let platform: any PlatformHandler
  let entropy: EntropyHandler
  let time: TimeHandler
  let http: HttpHandler
  let socket: SocketHandler

  public init(
    storage: StorageHandler,
    platform: any PlatformHandler,
    entropy: EntropyHandler = EntropyHandler(),
    time: TimeHandler = TimeHandler(),
    http: HttpHandler = HttpHandler(),
    socket: SocketHandler = SocketHandler()
  ) {
    self.storage = storage
    self.platform = platform
    self.entropy = entropy
    self.time = time
    self.http = http
    self.socket = socket
  }
}
