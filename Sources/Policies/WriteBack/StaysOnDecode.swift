public import Simulation

/// What decoding added stays where it was decoded; the next prompt computes it again.
///
/// Source: what disaggregated vLLM and Dynamo do by default.
///
/// Parameters: none.
///
/// Example: after 500 output tokens the next turn computes those and what is new; if it decodes on the same
/// instance, only what is new is handed off.
public struct StaysOnDecode: WriteBack {
  public static let entry = PolicyEntry.writeBack(
    "stays",
    "What decoding added stays where it was decoded."
  ) { _ in StaysOnDecode() }

  public init() {}

  public var keepsNothing: Bool { true }

  public mutating func writeBack(_ turn: RetentionView) -> WriteBackDecision { .stays }
}
