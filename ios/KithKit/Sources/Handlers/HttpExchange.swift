import Foundation
import SharedTypes

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// One request and its answer: follows no redirect, because a token must not go to somebody else, and stops an
/// answer that has no end.
final class HttpExchange: NSObject, URLSessionDataDelegate, @unchecked Sendable {
  // Only the session's own queue, which is serial, touches these after `run` began.
  private let largest: Int
  private var body: [UInt8] = []
  private var tooLarge = false
  private var answer: CheckedContinuation<HttpResult, Never>?

  init(largest: Int) {
    self.largest = largest
  }

  func run(_ request: URLRequest) async -> HttpResult {
    let queue = OperationQueue()
    queue.maxConcurrentOperationCount = 1
    let session = URLSession(configuration: .ephemeral, delegate: self, delegateQueue: queue)
    // A session keeps its delegate until it is told to end.
    defer { session.finishTasksAndInvalidate() }
    return await withCheckedContinuation { continuation in
      answer = continuation
      session.dataTask(with: request).resume()
    }
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
    newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
  ) {
    completionHandler(nil)
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    guard body.count + data.count <= largest else {
      tooLarge = true
      return dataTask.cancel()
    }
    body += data
  }

  func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
    answer?.resume(returning: result(of: task, error))
    answer = nil
  }

  private func result(of task: URLSessionTask, _ error: (any Error)?) -> HttpResult {
    if tooLarge { return .err(.io("the answer is larger than \(largest) bytes")) }
    if let error = error as? URLError {
      switch error.code {
      case .timedOut: return .err(.timeout)
      case .badURL, .unsupportedURL: return .err(.url(error.localizedDescription))
      default: return .err(.io(error.localizedDescription))
      }
    }
    if let error { return .err(.io(error.localizedDescription)) }
    guard let response = task.response as? HTTPURLResponse else { return .err(.io("no answer")) }
    let headers = response.allHeaderFields.map { HttpHeader(name: "\($0.key)", value: "\($0.value)") }
    return .ok(HttpResponse(status: UInt16(clamping: response.statusCode), headers: headers, body: body))
  }
}
