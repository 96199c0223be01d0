@testable import KithKit

/// In the keystore's place where there is none: unreadable at a glance, bound to key and place, and no more than that.
struct PlainBox: SecretBox {
  struct NotOurs: Error {}

  let key: UInt8

  func seal(_ value: [UInt8], at place: [UInt8]) -> [UInt8] {
    [key, checksum(place)] + value.map { $0 ^ 0x5a }
  }

  func open(_ sealed: [UInt8], at place: [UInt8]) throws -> [UInt8] {
    guard sealed.starts(with: [key, checksum(place)]) else { throw NotOurs() }
    return sealed.dropFirst(2).map { $0 ^ 0x5a }
  }

  private func checksum(_ place: [UInt8]) -> UInt8 { place.reduce(0, &+) }
}
