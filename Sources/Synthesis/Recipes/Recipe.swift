/// How to make a synthetic trace: when sessions start, and what they are.
///
/// Every number of a distribution stands here, none in the generator.
public struct Recipe: Sendable, Equatable {
  /// What a trace made of it is called: a word of 1 to 64 characters.
  public var name: String
  /// One line; empty where the file has none.
  public var summary: String
  /// When sessions start.
  public var arrivals: ArrivalPlan
  /// Kinds of sessions, with the share of sessions that each has.
  public var parts: [Part]

  /// Sessions of one kind among those of a mix.
  public struct Part: Sendable, Equatable {
    /// Of all sessions, 0 to 1; those of all parts sum to 1.
    public var share: Double
    /// What the sessions are.
    public var sessions: SessionPlan
  }

  /// Tokens per prefix block; 0 where no part has prefixes.
  public var blockTokens: Int { parts.map(\.sessions.blockTokens).max() ?? 0 }

  /// The recipe of the same rows without prefixes.
  public var withoutPrefixes: Recipe {
    var recipe = self
    for index in recipe.parts.indices { recipe.parts[index].sessions.blockTokens = 0 }
    return recipe
  }
}

/// When sessions start: a process with a mean rate, times a shape of the week.
public struct ArrivalPlan: Sendable, Equatable {
  /// How gaps between the starts of sessions vary around their mean.
  public enum Process: Sendable, Equatable {
    /// Independent exponential gaps.
    case poisson
    /// Independent gaps of the given shape; below 1 burstier than Poisson.
    case gamma(shape: Double)
    /// As `gamma`, of the Weibull distribution.
    case weibull(shape: Double)
    /// A Poisson process whose rate jumps from state to state, each as likely to be next.
    case modulated([State])
    /// Independent Gamma processes of clients whose rates are in proportion to draws.
    case clients(count: Int, rates: RandomVariable, variation: RandomVariable)
  }

  /// A state of a modulated process.
  public struct State: Sendable, Equatable {
    /// In proportion to the other states' rates.
    public var rate: Double
    /// Mean time in the state; times are exponential.
    public var meanSeconds: Double
  }

  /// Mean session starts per second, over a whole week where there is a shape.
  public var sessionsPerSecond: Double
  /// How the gaps vary.
  public var process: Process
  /// How the rate changes over a week; nil for a steady one.
  public var week: WeekShape?
}

/// How the rate goes over a week, in proportion, hour by hour.
public struct WeekShape: Sendable, Equatable {
  /// 168 rates from Monday midnight on, of mean 1.
  public var rates: [Double]
  /// The hour of the week in which the trace starts.
  public var startHour: Int
}

/// What sessions of one kind are.
public struct SessionPlan: Sendable, Equatable {
  /// The class of all requests.
  public var className: String
  /// Tokens per prefix block; 0 for no prefixes.
  public var blockTokens: Int
  /// What prompts begin with, from the part that most sessions share to the one that fewest do.
  public var prefix: [SharedPrefix]
  /// How sessions start, with shares.
  public var starts: [SessionStart]
  /// How the prompts of later requests are longer.
  public var growth: Growth
  /// Output tokens of a request.
  public var output: RandomVariable
  /// Share of the output that is reasoning, which does not stay in the context.
  public var reasoning: RandomVariable?
  /// Seconds that a request takes, for recorded arrivals of later turns alone.
  public var service: RandomVariable
  /// What goes by before later requests.
  public var gaps: Gaps
  /// The most that prompts hold, and what happens there.
  public var context: ContextPlan
  /// Agents that tools start; nil for none.
  public var subagents: SubagentPlan?

  /// Whether any session can have a second request.
  var hasTurns: Bool { starts.contains { $0.requests.clip.upperBound > 1 } }
}

/// A beginning of prompts that several sessions have in common.
public struct SharedPrefix: Sendable, Equatable {
  /// What different sessions have in that place.
  public enum Variants: Sendable, Equatable {
    /// Each with a share of sessions and its tokens.
    case listed([(share: Double, tokens: Int)])
    /// A number of them whose popularity falls as rank^−exponent, with tokens drawn for each.
    case ranked(count: Int, exponent: Double, tokens: RandomVariable)

    /// Whether both have the same variants in the same order.
    public static func == (one: Variants, other: Variants) -> Bool {
      switch (one, other) {
      case (.listed(let a), .listed(let b)): a.elementsEqual(b, by: ==)
      case (.ranked(let a, let b, let c), .ranked(let d, let e, let f)): (a, b, c) == (d, e, f)
      default: false
      }
    }
  }

  /// One of them is drawn for each session.
  public var variants: Variants
}

/// One way in which sessions start.
public struct SessionStart: Sendable, Equatable {
  /// How long the first prompt is.
  public enum Prompt: Sendable, Equatable {
    /// Tokens behind the shared prefix.
    case added(RandomVariable)
    /// Tokens of the whole first prompt.
    case whole(RandomVariable)
  }

  /// Of the sessions of the plan, 0 to 1; those of all starts sum to 1.
  public var share: Double
  /// Requests of the session, sub-agents' left out: at least 1.
  public var requests: RandomVariable
  /// Tokens of the first prompt.
  public var prompt: Prompt
  /// Requests that the session had before the trace starts to show it.
  public var earlierSteps: Int
  /// Share of the later requests that a person starts; the others follow a tool's result.
  public var humanShare: RandomVariable
}

/// How prompts grow from request to request.
public struct Growth: Sendable, Equatable {
  /// Steps on which prompts grow alike.
  public struct Band: Sendable, Equatable {
    /// The last step of the band, counted from 1; nil for the band without an end.
    public var lastStep: Int?
    /// Tokens that a prompt is longer than the one before, from 0 on.
    public var tokens: RandomVariable
  }

  /// By their last step, ascending; the last band has none.
  public var bands: [Band]
  /// Whether the output comes on top, rather than being part of what is drawn.
  public var addsOutput: Bool
  /// A factor that each session has of its own, and the first step on which it counts.
  public var sessionFactor: RandomVariable?
  /// From 1 on.
  public var factorFromStep: Int
}

/// What goes by between the end of a request and the next of its session.
public struct Gaps: Sendable, Equatable {
  /// A tool that requests wait for.
  public struct Tool: Sendable, Equatable {
    /// What the trace calls the tool.
    public var name: String
    /// Of the steps of tools, 0 to 1; those of all tools sum to 1.
    public var share: Double
    /// How long a call takes, in seconds from 0 on.
    public var seconds: RandomVariable
  }

  /// How long a person takes, in seconds from 0 on; nil where no step is a person's.
  public var humanSeconds: RandomVariable?
  /// Empty where no step is a tool's.
  public var tools: [Tool]
}

/// What happens to a context that grows.
public struct ContextPlan: Sendable, Equatable {
  /// The context of some of the sessions.
  public struct Window: Sendable, Equatable {
    /// Of the sessions, 0 to 1; those of all windows sum to 1.
    public var share: Double
    /// A session that starts with more has the next larger window.
    public var startsBelow: Int
    /// No prompt is longer.
    public var mostTokens: Int
    /// Probabilities of compaction per step, by the tokens of the prompt before, ascending.
    public var compaction: [Hazard]
  }

  /// A probability of compaction from a prompt length on.
  public struct Hazard: Sendable, Equatable {
    /// Tokens of the prompt before, at least so many.
    public var fromTokens: Int
    /// Probability, 0 to 1.
    public var perStep: Double
  }

  /// Ascending.
  public var windows: [Window]
  /// Tokens of the prompt behind a compaction.
  public var compacted: RandomVariable?
  /// The most of the prompt before that a compaction leaves, as a share.
  public var compactedShare: Double
  /// Share of compactions that end the session instead.
  public var endsInstead: Double
  /// Probability per step that all behind the shared prefix is written anew.
  public var rewritesPerStep: Double
}

/// Agents that a request's tool starts, which work side by side and are waited for.
public struct SubagentPlan: Sendable, Equatable {
  /// Share of sessions that use them, and the probability per tool step of those.
  public var sessions: Double
  /// Probability, 0 to 1, that a step of a tool starts agents.
  public var perStep: Double
  /// The tool that stands for agents in the trace.
  public var tool: String
  /// Agents that one step starts, at least 1.
  public var together: RandomVariable
  /// Requests of an agent, at least 1.
  public var requests: RandomVariable
  /// What agents' prompts begin with, as `SessionPlan.prefix`.
  public var prefix: [SharedPrefix]
  /// Tokens of the first prompt behind the shared prefix.
  public var prompt: RandomVariable
  /// Tokens that a later prompt is longer than the one before, from 0 on.
  public var growth: RandomVariable
  /// Output tokens of a request, at least 1.
  public var output: RandomVariable
  /// Seconds between the request that starts agents and their first, and behind their last.
  public var startSeconds: RandomVariable
  /// Seconds between an agent's last request and the one that waits for it.
  public var joinSeconds: RandomVariable
}
