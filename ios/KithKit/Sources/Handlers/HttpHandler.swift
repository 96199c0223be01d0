import Foundation
import SharedTypes

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// HTTP by URLSession. A status is an answer, whatever it is; an error means that there was none.
public struct HttpHandler: Sendable {
  private let largest: Int

  public init() {
    self.init(largest: 8 * 1024 * 1024)
  }

  /// `largest`: bytes of an answer's body.
  init(largest: Int) {
    self.largest = largest
  }

  func handle(_ request: HttpRequest) async -> HttpResult {
    guard let url = URL(string: request.url), let scheme = url.scheme?.lowercased(),
      url.host?.isEmpty == false,
      scheme == "https" || scheme == "http"
    else {
      return .err(.url("not a web address"))
    }
    var ours = URLRequest(url: url, cachePolicy: .reloadIgnoringLocalAndRemoteCacheData, timeoutInterval: 60)
    ours.httpMethod = request.method
    for header in request.headers { ours.addValue(header.value, forHTTPHeaderField: header.name) }
    if !request.body.isEmpty { ours.httpBody = Data(request.body) }
    ours.httpShouldHandleCookies = false
    return await HttpExchange(largest: largest).run(ours)
  }
}
