import Workload

/// A session plan with the tables that drawing from it needs.
///
/// A class, since agents take hold of it at every step, and copies would hold all that is in it.
final class SessionModel {
  let plan: SessionPlan
  let starts: ShareTable
  let windows: ShareTable
  let tools: ShareTable
  /// Indices of names.
  let requestClass: UInt16
  let toolNames: ContiguousArray<UInt16>
  let agentTool: UInt16
  let prefix: PrefixLevels
  let agentPrefix: PrefixLevels
  let hasTurns: Bool

  init(_ plan: SessionPlan, _ names: inout TraceNames, level: inout Int32) {
    self.plan = plan
    starts = ShareTable(plan.starts.map(\.share))
    windows = ShareTable(plan.context.windows.map(\.share))
    tools = ShareTable(plan.gaps.tools.map(\.share))
    requestClass = Self.index(of: plan.className, in: &names.classes)
    if names.tools.isEmpty { names.tools = [""] }
    toolNames = ContiguousArray(plan.gaps.tools.map { Self.index(of: $0.name, in: &names.tools) })
    agentTool = plan.subagents.map { Self.index(of: $0.tool, in: &names.tools) } ?? 0
    prefix = PrefixLevels(plan.prefix, number: &level)
    agentPrefix = PrefixLevels(plan.subagents?.prefix ?? [], number: &level)
    hasTurns = plan.hasTurns
  }

  private static func index(of name: String, in names: inout [String]) -> UInt16 {
    if let known = names.firstIndex(of: name) { return UInt16(known) }
    names.append(name)
    return UInt16(names.count - 1)
  }

  /// The tokens by which a prompt of some step grows.
  func growth(_ thread: inout AgentThread, output: Int32, reasoning: Int32) -> Double {
    let step = Int(thread.step)
    var index = 0
    while let last = plan.growth.bands[index].lastStep, step > last { index += 1 }
    var tokens = plan.growth.bands[index].tokens.draw(&thread.sizes)
    if step >= plan.growth.factorFromStep { tokens *= thread.growthFactor }
    return plan.growth.addsOutput ? tokens + Double(output - reasoning) : tokens
  }

  /// The probability of compaction behind a prompt of so many tokens.
  func compaction(_ thread: borrowing AgentThread) -> Double {
    let window = Int(thread.window)
    var probability = 0.0
    for index in 0..<plan.context.windows[window].compaction.count {
      if plan.context.windows[window].compaction[index].fromTokens > thread.context { break }
      probability = plan.context.windows[window].compaction[index].perStep
    }
    return probability
  }

  func mostTokens(_ window: Int32) -> Int32 { Int32(plan.context.windows[Int(window)].mostTokens) }
}
