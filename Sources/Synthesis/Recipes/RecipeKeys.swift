/// The keys of a recipe file, section by section; `traces/RECIPES.md` documents each.
enum RecipeKey: String, CaseIterable {
  case name, summary, arrivals, sessions, mix
}

enum MixKey: String, CaseIterable {
  case share, recipe
  case className = "class"
}

enum ArrivalKey: String, CaseIterable {
  case sessionsPerSecond = "sessions_per_second"
  case process, shape, states, clients, week
}

enum ProcessKind: String, CaseIterable {
  case poisson, gamma, weibull, modulated, clients
}

enum StateKey: String, CaseIterable {
  case rate
  case meanSeconds = "mean_seconds"
}

enum ClientsKey: String, CaseIterable {
  case count, rates, variation
}

enum WeekKey: String, CaseIterable {
  case weekday, weekend
  case startDay = "start_day"
  case startHour = "start_hour"
}

enum Weekday: String, CaseIterable {
  case monday, tuesday, wednesday, thursday, friday, saturday, sunday
}

enum SessionKey: String, CaseIterable {
  case className = "class"
  case blockTokens = "block_tokens"
  case prefix, starts, growth, output, reasoning
  case serviceSeconds = "service_seconds"
  case gaps, context, subagents
}

enum PrefixKey: String, CaseIterable {
  case kinds, variants, popularity, tokens
}

enum KindKey: String, CaseIterable {
  case share, tokens
}

enum StartKey: String, CaseIterable {
  case share, requests
  case addedTokens = "added_tokens"
  case wholeTokens = "whole_tokens"
  case earlierSteps = "earlier_steps"
  case humanShare = "human_share"
}

enum GrowthKey: String, CaseIterable {
  case bands
  case addsOutput = "adds_output"
  case sessionFactor = "session_factor"
  case factorFromStep = "factor_from_step"
}

enum BandKey: String, CaseIterable {
  case lastStep = "last_step"
  case tokens
}

enum GapKey: String, CaseIterable {
  case humanSeconds = "human_seconds"
  case tools
}

enum ToolKey: String, CaseIterable {
  case name, share, seconds
}

enum ContextKey: String, CaseIterable {
  case windows
  case compactedTokens = "compacted_tokens"
  case compactedShare = "compacted_share"
  case endsInstead = "ends_instead"
  case rewritesPerStep = "rewrites_per_step"
}

enum WindowKey: String, CaseIterable {
  case share
  case startsBelow = "starts_below"
  case mostTokens = "most_tokens"
  case compaction
}

enum HazardKey: String, CaseIterable {
  case fromTokens = "from_tokens"
  case perStep = "per_step"
}

enum SubagentKey: String, CaseIterable {
  case sessions
  case perStep = "per_step"
  case tool, together, requests, prefix
  case addedTokens = "added_tokens"
  case growth, output
  case startSeconds = "start_seconds"
  case joinSeconds = "join_seconds"
}
