/// A group of requests, as columns of equal length.
///
/// A column that the source does not have is empty and costs nothing; `record`, `arrival`,
/// `promptTokens` and `outputTokens` are always there. Rows are sorted by arrival, ties by record.
public struct RowGroup: Sendable, Equatable {
  /// The row's number in the source, from 0: the identity of a request in every result.
  public var record: ContiguousArray<Int64> = []
  /// Nanoseconds since the first arrival of the trace.
  public var arrival: ContiguousArray<SimTime> = []
  /// Tokens of the whole prompt, at least 1.
  public var promptTokens: ContiguousArray<Int32> = []
  /// Tokens that the recorded request generated, at least 1.
  public var outputTokens: ContiguousArray<Int32> = []

  /// The limit the client set on output tokens; 0 where it set none.
  public var maxOutputTokens: ContiguousArray<Int32> = []
  /// Session number, from 0; −1 where a row belongs to none.
  public var session: ContiguousArray<Int32> = []
  /// Turn within the session, from 0.
  public var turn: ContiguousArray<Int32> = []
  /// Index into `TraceNames.classes`.
  public var requestClass: ContiguousArray<UInt16> = []
  /// Index into `TraceNames.tenants`.
  public var tenant: ContiguousArray<UInt16> = []
  /// Urgency; higher is more urgent, 0 is normal.
  public var priority: ContiguousArray<Int32> = []
  /// Index into `TraceNames.models`.
  public var model: ContiguousArray<UInt16> = []
  /// Index into `TraceNames.adapters`.
  public var adapter: ContiguousArray<UInt16> = []
  /// Target for the time to first token, in nanoseconds; 0 where the row has none.
  public var ttftSLO: ContiguousArray<SimTime> = []
  /// Target for the time per output token, in nanoseconds; 0 where the row has none.
  public var tpotSLO: ContiguousArray<SimTime> = []
  /// Latest useful finish, in nanoseconds since the first arrival; `SimTime.never` for none.
  public var deadline: ContiguousArray<SimTime> = []
  /// Output tokens that were reasoning, at most `outputTokens`.
  public var reasoningTokens: ContiguousArray<Int32> = []
  /// What the gap before this turn was spent on.
  public var gapKind: ContiguousArray<GapKind> = []
  /// Index into `TraceNames.tools`.
  public var tool: ContiguousArray<UInt16> = []
  /// The node of `prefixes` in which the row's prompt path ends; −1 for none.
  public var prefixNode: ContiguousArray<Int32> = []
  /// How many blocks of `prefixNode` belong to the row's prompt, from the node's start.
  public var prefixBlocks: ContiguousArray<Int32> = []
  /// Edges of row `i` are `edges[edgeStart[i] ..< edgeStart[i + 1]]`; empty without a DAG.
  public var edgeStart: ContiguousArray<Int32> = []
  public var edges: ContiguousArray<TurnEdge> = []
  /// The prefix nodes that the rows of this group touch, parents before children.
  public var prefixes = PrefixNodes()

  public init() {}

  /// How many rows readers put into a group.
  public static let preferredRows = 65_536

  @inlinable public var count: Int { record.count }
}

/// What happened between the end of one turn and the start of the next.
public enum GapKind: UInt8, Sendable {
  case none, tool, human
}

/// One dependency of a turn on an earlier request of its session.
public struct TurnEdge: Sendable, Equatable {
  /// The record that this edge waits for.
  public var parentRecord: Int64
  /// Nanoseconds between the trigger and the moment the edge has fired.
  public var delay: SimTime
  public var trigger: Trigger

  public enum Trigger: UInt8, Sendable {
    case completion, dispatch
  }

  public init(parentRecord: Int64, delay: SimTime, trigger: Trigger) {
    self.parentRecord = parentRecord
    self.delay = delay
    self.trigger = trigger
  }
}

/// Immutable nodes of a prefix trie, as columns.
///
/// A node is a run of blocks that follows `offset` blocks of its parent, so a later branch can
/// attach inside an earlier node and an importer can write the trie in one pass.
public struct PrefixNodes: Sendable, Equatable {
  /// The node's number in the trace; rows and children refer to it.
  public var id: ContiguousArray<Int32> = []
  /// The parent's id; −1 at a root.
  public var parent: ContiguousArray<Int32> = []
  /// How many blocks of the parent come before this node's first block.
  public var offset: ContiguousArray<Int32> = []
  /// How many blocks the node itself holds, at least 1.
  public var blocks: ContiguousArray<Int32> = []

  public init() {}

  public var count: Int { id.count }

  /// Makes room for so many nodes at once.
  mutating func reserveCapacity(_ nodes: Int) {
    id.reserveCapacity(nodes)
    parent.reserveCapacity(nodes)
    offset.reserveCapacity(nodes)
    blocks.reserveCapacity(nodes)
  }
}

/// The names behind the small integers of a trace's columns, in order of first appearance.
public struct TraceNames: Sendable, Equatable {
  public var classes: [String] = []
  public var tenants: [String] = []
  public var models: [String] = []
  public var adapters: [String] = []
  public var tools: [String] = []
  /// Tokens per prefix block; 0 where the trace has no prefixes.
  public var blockTokens = 0

  public init() {}
}
