import Foundation
import SharedTypes
import Testing

@testable import KithKit

@Suite struct HttpHandlerTests {
  @Test func anAnswerComesBackWithStatusHeadersAndBody() async throws {
    let server = try Server()
    let answer = try ok(await HttpHandler().handle(request("GET", server.origin + "/openapi.json")))
    #expect(answer.status == 200)
    #expect(answer.headers.contains { $0.name.lowercased() == "content-type" && $0.value.contains("json") })
    #expect(answer.body.first == UInt8(ascii: "{"))
  }

  @Test func aBodyArrivesAndARefusalIsAnAnswer() async throws {
    let server = try Server()
    let header = HttpHeader(name: "Content-Type", value: "application/cbor")
    let answer = try ok(
      await HttpHandler().handle(
        HttpRequest(method: "POST", url: server.origin + "/v1/sync", headers: [header], body: [0xff, 0, 1])))
    #expect((400..<500).contains(answer.status))
    #expect(!answer.body.isEmpty)
  }

  @Test func anAnswerWithoutEndIsRefused() async throws {
    let server = try Server()
    let result = await HttpHandler(largest: 10).handle(request("GET", server.origin + "/openapi.json"))
    guard case .err(.io) = result else { throw Unexpected(result: result) }
  }

  @Test func noServerNoAnswer() async throws {
    let result = await HttpHandler().handle(request("POST", "http://127.0.0.1:9/v1/sync"))
    guard case .err(.io) = result else { throw Unexpected(result: result) }
  }

  @Test(arguments: ["", "kith", "nothing://x", "file:///etc/hostname", "http://"])
  func whatIsNoWebAddressIsAnErrorOfItsOwn(url: String) async throws {
    let result = await HttpHandler().handle(request("GET", url))
    guard case .err(.url) = result else { throw Unexpected(result: result) }
  }

  struct Unexpected: Error {
    let result: HttpResult
  }

  private func request(_ method: String, _ url: String) -> HttpRequest {
    HttpRequest(method: method, url: url, headers: [], body: [])
  }

  private func ok(_ result: HttpResult) throws -> HttpResponse {
    guard case .ok(let response) = result else { throw Unexpected(result: result) }
    return response
  }
}
