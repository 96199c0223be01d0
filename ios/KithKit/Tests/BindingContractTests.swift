import SharedTypes
import Testing

@testable import KithKit

/// What the bindings promise; what the core does with it is tested in Rust.
@Suite struct BindingContractTests {
  let core = CoreBridge()

  @Test func anEventGoesInAndRequestsComeOut() async throws {
    let requests = try await core.update(.started(launch("https://kith.example")))
    #expect(!requests.isEmpty)
    let ids = requests.filter { if case .render = $0.effect { false } else { true } }.map(\.id)
    #expect(Set(ids).count == ids.count)
  }

  @Test func aViewSurvivesTheWayOutAndBack() async throws {
    let view = try await core.view()
    #expect(!view.appearance.language.isEmpty)
    #expect(try ViewModel.bincodeDeserialize(input: view.bincodeSerialize()) == view)
  }

  @Test func everyKindOfTextArrivesUnchanged() async throws {
    var launch = launch("https://käse.example/☕/\u{0}/𝄞")
    launch.languages = Array(repeating: "fr-CA", count: 300)
    let event = Event.started(launch)
    #expect(try Event.bincodeDeserialize(input: event.bincodeSerialize()) == event)
    _ = try await core.update(event)
  }

  @Test(
    arguments: [[], [255, 255, 255, 255], [0, 0, 0, 0], Array(repeating: 0x7f, count: 64)] as [[UInt8]])
  func bytesThatAreNoEventAreATypedErrorAndChangeNothing(bytes: [UInt8]) async throws {
    let before = try await core.view()
    await #expect(throws: CoreError.self) { _ = try await core.update(bytes: bytes) }
    #expect(try await core.view() == before)
    _ = try await core.update(.foregrounded)
  }

  @Test func anEventThatOnlyTheCoreMaySayIsRefused() async throws {
    var next = try Event.ownershipLost.bincodeSerialize()
    next[0] += 1
    let bytes = next
    await #expect(throws: CoreError.self) { _ = try await core.update(bytes: bytes) }
  }

  @Test func anAnswerThatNobodyAskedForIsATypedError() async throws {
    do {
      _ = try await core.resolve(4_000_000_000, [])
      Issue.record("it was accepted")
    } catch CoreError.BadAnswer(let id, _) {
      #expect(id == 4_000_000_000)
    }
  }
}
