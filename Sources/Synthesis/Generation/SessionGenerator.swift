import Workload

/// Makes the rows of a trace in the order of arrival.
///
/// In memory are the agents at work, their prefix nodes, and the shared prefixes met so far.
struct SessionGenerator {
  private let seed: UInt64
  private let models: ContiguousArray<SessionModel>
  private let parts: ShareTable
  private let blockTokens: Int32
  private var starts: SessionStarts
  private var budget: Budget

  private var threads = AgentThreads()
  private var queue = TimeHeap()
  private var nodes = LiveNodes()
  private var shared: SharedNodes
  private var rows: RowWriter

  /// When the next session starts; nil behind the last.
  private var nextStart: Int64?
  private var sessions: Int64 = 0
  private var records: Int64 = 0
  let names: TraceNames

  init(_ recipe: Recipe, size: SyntheticTrace.Size, seed: UInt64) {
    self.seed = seed
    var names = TraceNames()
    var level: Int32 = 0
    var models = ContiguousArray<SessionModel>()
    for part in recipe.parts {
      models.append(SessionModel(part.sessions, &names, level: &level))
    }
    names.blockTokens = recipe.blockTokens
    rows = RowWriter(recipe)
    if !rows.hasTools { names.tools = [] }
    self.names = names
    self.models = models
    parts = ShareTable(recipe.parts.map(\.share))
    blockTokens = Int32(recipe.blockTokens)
    shared = SharedNodes(seed: seed, blockTokens: recipe.blockTokens)
    starts = SessionStarts(recipe.arrivals, seed: seed)
    budget = Budget(size)
    nextStart = budget.allows(0) ? 0 : nil
  }

  /// Returns the next rows; nil behind the last.
  mutating func nextGroup() throws(GenerationFault) -> RowGroup? {
    while rows.count < RowGroup.preferredRows {
      if let first = queue.first, first.time <= nextStart ?? .max {
        try step(first.place)
      } else if let start = nextStart {
        try startSession(at: start)
        let next = try starts.next()
        nextStart = budget.allows(next) ? next : nil
      } else {
        break
      }
    }
    nodes.startGroup()
    return rows.count > 0 ? rows.take() : nil
  }

  // MARK: Sessions

  private mutating func startSession(at time: Int64) throws(GenerationFault) {
    guard let session = Int32(exactly: sessions) else {
      throw GenerationFault(problem: "has more than 2,147,483,647 sessions; ask for fewer")
    }
    sessions += 1
    var random = SplitMix64(seed: seed, .start, session: UInt64(session))
    let part = parts.pick(&random)
    let model = models[part]
    let start = model.plan.starts[model.starts.pick(&random)]
    let requests = budget.take(Int64(start.requests.draw(&random).rounded()))
    let place = threads.nextPlace
    var thread = AgentThread(
      seed: seed,
      part: Int32(part),
      session: session,
      agent: 0,
      root: place,
      time: time,
      requests: Int32(requests)
    )
    thread.step = Int32(start.earlierSteps)
    thread.humanShare = start.humanShare.draw(&random)
    if let factor = model.plan.growth.sessionFactor { thread.growthFactor = factor.draw(&random) }
    if let agents = model.plan.subagents { thread.usesAgents = random.happens(agents.sessions) }
    thread.base = model.prefix.draw(&random, &shared, &nodes)
    let tokens =
      switch start.prompt {
      case .added(let added): Double(thread.base.tokens) + added.draw(&random)
      case .whole(let whole): whole.draw(&random)
      }
    thread.window = Int32(model.windows.pick(&random))
    while Int(thread.window) + 1 < model.plan.context.windows.count,
      tokens >= Double(model.plan.context.windows[Int(thread.window)].startsBelow)
    {
      thread.window += 1
    }
    setContext(&thread, tokens, most: model.mostTokens(thread.window))
    branch(&thread)
    queue.push(TimeHeap.Entry(time: time, place: threads.add(thread)))
  }

  /// A prompt is longer than its shared prefix, and fits the window.
  private func setContext(_ thread: inout AgentThread, _ tokens: Double, most: Int32) {
    if thread.base.tokens >= most { thread.base = PrefixEnd() }
    let rounded = Int32(min(max(tokens.rounded(), 1), Double(most)))
    thread.context = max(rounded, thread.base.tokens + 1)
  }

  /// Gives the prompt a path of its own behind the shared prefix.
  private mutating func branch(_ thread: inout AgentThread) {
    guard blockTokens > 0, models[Int(thread.part)].plan.blockTokens > 0 else { return }
    thread.node = thread.base.node
    thread.nodeBlocks = thread.base.blocks
    thread.depth = thread.base.depth
    grow(&thread)
  }

  /// Adds a node for the full blocks by which the prompt has grown.
  private mutating func grow(_ thread: inout AgentThread) {
    let depth = thread.context / blockTokens
    guard depth > thread.depth else { return }
    let blocks = depth - thread.depth
    thread.node = nodes.add(parent: thread.node, offset: thread.nodeBlocks, blocks: blocks)
    thread.nodeBlocks = blocks
    thread.depth = depth
  }

  // MARK: Steps

  /// Writes the next request of an agent and decides what follows.
  private mutating func step(_ place: Int32) throws(GenerationFault) {
    let model = models[Int(threads[place].part)]
    let output = Int32(model.plan.output.draw(&threads[place].outputs).rounded())
    var reasoning: Int32 = 0
    if let share = model.plan.reasoning {
      reasoning = min(output, Int32(share.draw(&threads[place].outputs) * Double(output)))
    }
    try write(place, output: output, reasoning: reasoning)
    let end =
      threads[place].time + Self.microseconds(model.plan.service, &threads[place].times)
    threads[place].remaining -= 1
    let goesOn =
      threads[place].remaining > 0
      && (threads[place].parent < 0
        ? continueMain(place, output: output, reasoning: reasoning, end: end)
        : continueAgent(place, end: end))
    if goesOn {
      queue.replaceFirst(TimeHeap.Entry(time: threads[place].time, place: place))
    } else {
      queue.removeFirst()
      if threads[place].working > 0 {
        startAgents(place, end: end)
      } else {
        if threads[place].parent < 0 { budget.giveBack(Int64(threads[place].remaining)) }
        finish(place, end: end)
      }
    }
  }

  private mutating func write(
    _ place: Int32,
    output: Int32,
    reasoning: Int32
  ) throws(GenerationFault) {
    guard threads[place].time < 9_000_000_000_000_000, nodes.count <= Int32.max else {
      throw GenerationFault(
        problem: nodes.count > Int32.max
          ? "has more than 2,147,483,647 prefix nodes; ask for less"
          : "would last more than 285 years; raise sessions_per_second"
      )
    }
    if threads[place].parentRecord >= 0 {
      rows.append(
        edgeFrom: threads[place].parentRecord,
        microseconds: threads[place].delay
      )
    }
    var ended = threads[place].firstEnded
    while ended >= 0 {
      rows.append(edgeFrom: threads[ended].parentRecord, microseconds: threads[place].delay)
      threads.remove(ended)
      ended = threads[ended].nextEnded
    }
    threads[place].firstEnded = -1
    let turn = threads.takeTurn(of: threads[place].root)
    rows.append(
      threads[place],
      models[Int(threads[place].part)],
      record: records,
      turn: turn,
      output: output,
      reasoning: reasoning
    )
    if rows.hasPrefixes {
      rows.append(threads[place].node, blocks: threads[place].nodeBlocks, &nodes)
    }
    threads[place].parentRecord = records
    records += 1
  }

  /// Prepares the next request of a main agent.
  ///
  /// - Returns: Whether it comes by itself: not where the session ends, nor where it waits for
  ///   agents.
  private mutating func continueMain(
    _ place: Int32,
    output: Int32,
    reasoning: Int32,
    end: Int64
  ) -> Bool {
    var thread = threads[place]
    defer { threads[place] = thread }
    let model = models[Int(thread.part)]
    let isHuman = thread.choices.uniform() < thread.humanShare
    let compacts = thread.choices.happens(model.compaction(thread))
    if compacts, thread.choices.happens(model.plan.context.endsInstead) { return false }
    thread.step += 1
    let most = model.mostTokens(thread.window)
    if compacts, let compacted = model.plan.context.compacted {
      let kept = model.plan.context.compactedShare * Double(thread.context)
      setContext(&thread, min(compacted.draw(&thread.sizes), kept), most: most)
      nodes.release(from: thread.node, downTo: thread.base.node)
      branch(&thread)
    } else {
      let growth = model.growth(&thread, output: output, reasoning: reasoning)
      thread.context = Int32(min(Double(thread.context) + growth.rounded(), Double(most)))
      if thread.choices.happens(model.plan.context.rewritesPerStep) {
        nodes.release(from: thread.node, downTo: thread.base.node)
        branch(&thread)
      } else if thread.node >= 0 || model.plan.blockTokens > 0 {
        grow(&thread)
      }
    }
    if !isHuman, thread.usesAgents, let agents = model.plan.subagents,
      thread.choices.happens(agents.perStep)
    {
      thread.gapKind = .tool
      thread.tool = model.agentTool
      thread.working = Int32(agents.together.draw(&thread.choices).rounded())
      return false
    }
    setGap(&thread, model, isHuman: isHuman, end: end)
    return true
  }

  private func setGap(
    _ thread: inout AgentThread,
    _ model: SessionModel,
    isHuman: Bool,
    end: Int64
  ) {
    if isHuman, let seconds = model.plan.gaps.humanSeconds {
      thread.gapKind = .human
      thread.tool = 0
      thread.delay = Self.microseconds(seconds, &thread.times)
    } else if !model.plan.gaps.tools.isEmpty {
      let tool = model.tools.pick(&thread.choices)
      thread.gapKind = .tool
      thread.tool = model.toolNames[tool]
      thread.delay = Self.microseconds(model.plan.gaps.tools[tool].seconds, &thread.times)
    }
    thread.time = end + thread.delay
  }

  static func microseconds(_ seconds: RandomVariable, _ random: inout SplitMix64) -> Int64 {
    Int64((seconds.draw(&random) * 1e6).rounded())
  }

  // MARK: Sub-agents

  /// Starts the agents that a main agent waits for.
  private mutating func startAgents(_ place: Int32, end: Int64) {
    let parent = threads[place]
    let model = models[Int(parent.part)]
    guard let plan = model.plan.subagents else { return }
    for _ in 0..<parent.working {
      let agent = threads.takeAgent(of: parent.root)
      var thread = AgentThread(
        seed: seed,
        part: parent.part,
        session: parent.session,
        agent: agent,
        root: parent.root,
        time: end,
        requests: 1
      )
      thread.remaining = Int32(plan.requests.draw(&thread.choices).rounded())
      thread.parent = place
      thread.window = parent.window
      thread.parentRecord = parent.parentRecord
      thread.gapKind = .tool
      thread.tool = model.agentTool
      thread.delay = Self.microseconds(plan.startSeconds, &thread.times)
      thread.time = end + thread.delay
      thread.base = model.agentPrefix.draw(&thread.choices, &shared, &nodes)
      let tokens = Double(thread.base.tokens) + plan.prompt.draw(&thread.sizes)
      setContext(&thread, tokens, most: model.mostTokens(thread.window))
      branch(&thread)
      queue.push(TimeHeap.Entry(time: thread.time, place: threads.add(thread)))
    }
  }

  /// Prepares the next request of a sub-agent, which uses tools alone.
  private mutating func continueAgent(_ place: Int32, end: Int64) -> Bool {
    var thread = threads[place]
    defer { threads[place] = thread }
    let model = models[Int(thread.part)]
    guard let plan = model.plan.subagents else { return false }
    thread.step += 1
    let grown = Double(thread.context) + plan.growth.draw(&thread.sizes).rounded()
    thread.context = Int32(min(grown, Double(model.mostTokens(thread.window))))
    if model.plan.blockTokens > 0 { grow(&thread) }
    setGap(&thread, model, isHuman: false, end: end)
    return true
  }

  /// Forgets an agent, and lets its parent go on behind the last of several.
  private mutating func finish(_ place: Int32, end: Int64) {
    nodes.release(from: threads[place].node, downTo: threads[place].base.node)
    let parent = threads[place].parent
    guard parent >= 0 else {
      threads.remove(place)
      return
    }
    threads[place].nextEnded = threads[parent].firstEnded
    threads[parent].firstEnded = place
    threads[parent].working -= 1
    threads[parent].lastEnd = max(threads[parent].lastEnd, end)
    guard threads[parent].working == 0,
      let plan = models[Int(threads[parent].part)].plan.subagents
    else { return }
    threads[parent].delay = Self.microseconds(plan.joinSeconds, &threads[parent].times)
    threads[parent].time = threads[parent].lastEnd + threads[parent].delay
    queue.push(TimeHeap.Entry(time: threads[parent].time, place: parent))
  }
}

/// What stops a trace; whoever knows its name adds it.
struct GenerationFault: Error {
  var problem: String
}
