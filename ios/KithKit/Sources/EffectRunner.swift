import SharedTypes

/// A question to storage, and the request that it answers.
struct Question {
  let id: UInt32
  let operation: StorageOperation
}

/// Has each effect carried out by its handler, and hands the answer to the core's inbox.
struct EffectRunner: Sendable {
  let handlers: Handlers
  let inbox: AsyncStream<Core.Input>.Continuation
  let questions: AsyncStream<Question>.Continuation
  let onFault: @Sendable (any Error) -> Void

  /// Starts it, and does not wait. False for what is not ours: drawing.
  func carryOut(_ request: Request) -> Bool {
    let id = request.id
    let handlers = handlers
    switch request.effect {
    case .render:
      return false
    case .storage(let operation):
      questions.yield(Question(id: id, operation: operation))
    case .entropy(let operation):
      answer(id) { try handlers.entropy.handle(operation).bincodeSerialize() }
    case .time(let time):
      Task {
        await handlers.time.handle(time) { output in answer(id) { try output.bincodeSerialize() } }
      }
    case .http(let http):
      Task {
        let output = await handlers.http.handle(http)
        answer(id) { try output.bincodeSerialize() }
      }
    case .socket(let operation):
      handlers.socket.handle(operation) { output in answer(id) { try output.bincodeSerialize() } }
    case .platform(let operation):
      Task {
        let output = await handlers.platform.handle(operation)
        answer(id) { try output.bincodeSerialize() }
      }
    }
    return true
  }

  func askStorage(_ question: Question) async {
    let output = await handlers.storage.handle(question.operation)
    answer(question.id) { try output.bincodeSerialize() }
  }

  private func answer(_ id: UInt32, _ output: () throws -> [UInt8]) {
    do {
      inbox.yield(.answered(id, try output()))
    } catch {
      onFault(error)
    }
  }
}
