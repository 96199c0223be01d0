import SharedTypes

/// The running core: takes events, has its effects carried out, shows the newest view.
///
/// One task talks to the core. Effects run beside it and each other, except that storage is asked in the order in
/// which the core asked: a write that overtook another could bring back what was replaced.
/// `onFault` hears of what should not happen: a fault of this shell.
public final class Core: Sendable {
  /// What to draw: the newest view, skipping those that nobody had time for. For one reader.
  public let views: AsyncStream<ViewModel>

  private let inbox: AsyncStream<Input>.Continuation
  private let tasks: [Task<Void, Never>]

  enum Input {
    case happened(Event)
    case answered(UInt32, [UInt8])
  }

  public init(
    bridge: CoreBridge, handlers: Handlers, onFault: @escaping @Sendable (any Error) -> Void
  ) {
    let (inputs, inbox) = AsyncStream.makeStream(of: Input.self)
    let (questions, asked) = AsyncStream.makeStream(of: Question.self)
    let (views, shown) = AsyncStream.makeStream(of: ViewModel.self, bufferingPolicy: .bufferingNewest(1))
    let runner = EffectRunner(handlers: handlers, inbox: inbox, questions: asked, onFault: onFault)
    self.views = views
    self.inbox = inbox
    tasks = [
      Task {
        for await question in questions { await runner.askStorage(question) }
      },
      Task {
        do { shown.yield(try await bridge.view()) } catch { onFault(error) }
        for await input in inputs {
          do {
            let requests = try await bridge.take(input)
            for request in requests where !runner.carryOut(request) {
              shown.yield(try await bridge.view())
            }
          } catch {
            onFault(error)
          }
        }
        shown.finish()
      },
    ]
  }

  deinit { close() }

  /// Says that something happened; what follows from it is in `views` later. Never blocks, from any thread.
  public func send(_ event: Event) {
    inbox.yield(.happened(event))
  }

  /// Ends it: nothing is sent, stored or shown any more.
  public func close() {
    inbox.finish()
    for task in tasks { task.cancel() }
  }
}

extension CoreBridge {
  fileprivate func take(_ input: Core.Input) throws -> [Request] {
    switch input {
    case .happened(let event): try update(event)
    case .answered(let id, let output): try resolve(id, output)
    }
  }
}
