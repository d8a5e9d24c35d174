public import Simulation

/// Admits whatever fits: memory is reserved for the context of now, and growth is left to
/// preemption.
///
/// Source: vLLM, Kwon et al., SOSP 2023, https://arxiv.org/abs/2309.06180. Departure: no watermark
/// of free blocks; that is the policy `watermark`.
///
/// Parameters: none.
///
/// Example: with 10 units free, a context of 10 units is admitted, and the next token of anyone may
/// preempt somebody.
public struct Fits: DecodeAdmit {
  public static let entry = PolicyEntry.decodeAdmit(
    "fits",
    "Admits whatever fits now and leaves growth to preemption."
  ) { _ in Fits() }

  public init() {}

  public var admitsAll: Bool { true }

  public func admit(_ request: RequestView, _ instance: MemoryView) -> DecodeAdmitDecision {
    .admit
  }
}
