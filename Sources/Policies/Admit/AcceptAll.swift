public import Simulation

/// Serves every request.
///
/// Source: what every router does unless told otherwise, for example
/// https://github.com/vllm-project/production-stack. No departure.
///
/// Parameters: none.
///
/// Example: an instance with 10,000 waiting requests still accepts the next one.
public struct AcceptAll: Admit {
  public static let entry = PolicyEntry.admit("accept-all", "Serves every request.") { _ in
    AcceptAll()
  }

  public init() {}

  public var acceptsAll: Bool { true }

  public func admit(_ request: RequestView, _ pool: borrowing PoolView) -> AdmitDecision { .accept }
}
