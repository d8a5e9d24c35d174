"""The five studies of notebooks-data/README.md: writes one CSV per study beside this file.

Usage: python3 notebooks-data/studies.py REPLAY CONVERSATION_TRACE [STUDY ...]

REPLAY is the built program; CONVERSATION_TRACE is Mooncake's conversation_trace.jsonl. Everything is
deterministic: the same build writes the same files.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TRACES = os.path.join(HERE, "..", "traces")
CHAT = os.path.join(TRACES, "chat.replay.zst")
AGENTIC = os.path.join(TRACES, "agentic.replay.zst")
FLEETS = os.path.join(HERE, "..", "Sources", "Hardware", "Fleets", "BuiltIn")

# Questions that nobody asks twice: no sessions and no prefixes, so that no cache can help. One per
# second, so that --rate-scale is the rate; mean prompt 1,150 tokens, mean output 1,000.
QUESTIONS = """
name: questions
summary: independent chat requests without shared prefixes
arrivals: {sessions_per_second: 1, process: gamma, shape: 0.87}
sessions:
  class: chat
  starts:
    - share: 1
      requests: 1
      added_tokens: {lognormal: {mu: 6.6425, sigma: 0.9}, clip: [1, 16384]}
  output: {lognormal: {mu: 6.5878, sigma: 0.8}, clip: [1, 8192]}
  service_seconds: 10
  context: {windows: [{share: 1, most_tokens: 16384}]}
"""

# What an engine without prefix caches does: nothing is kept, and prompts go to the shortest queue.
UNCACHED = ("--evict", "none", "--route-prefill", "least-tokens")

LARGE = {"chip": "b200", "model": "llama-3.1-70b", "precision": "fp8", "weights": "fp8"}
SMALL = {"chip": "b200", "model": "llama-3.1-8b", "fabric": "efa-v4", "max_batch": 1024}


def pool(name, role, count, **keys):
    lines = [f"  - name: {name}", f"    role: {role}", f"    count: {count}"]
    return "\n".join(lines + [f"    {key}: {value}" for key, value in keys.items()])


def fleet(folder, pools, handoff=""):
    """Writes a fleet file and returns its path."""
    path = os.path.join(folder, "fleet.yaml")
    with open(path, "w") as file:
        file.write("name: study\nfirst_token: prefill\n" + handoff + "pools:\n" + "\n".join(pools) + "\n")
    return path


def replay(program, trace, *flags):
    """Runs one cell and returns its summary."""
    command = [program, "run", trace, "--json", *flags]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def questions(program, folder, count):
    """Writes the trace of independent requests and returns its path."""
    recipe, path = os.path.join(folder, "questions.yaml"), os.path.join(folder, "questions.replay.zst")
    with open(recipe, "w") as file:
        file.write(QUESTIONS)
    return synthesize(program, recipe, count, path)


def synthesize(program, recipe, count, path):
    command = [program, "trace", "synth", recipe, "--requests", str(count), "--seed", "1", "--out", path]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return path


def requests(dataset):
    """The requests of a dataset, unpacked by the zstd program."""
    table = os.path.join(dataset, "requests.csv.zst")
    text = subprocess.run(["zstd", "-dcq", table], check=True, stdout=subprocess.PIPE, text=True).stdout
    return csv.DictReader(text.splitlines())


def handoff(program, trace, folder):
    """What a request waits between its first token and its first decode step."""
    chip = {**LARGE, "max_batch": 256}
    links = [("NVLink 5", "nvlink-5", 1), ("EFA v4", "efa-v4", 1), ("EFA v4, a quarter", "efa-v4", 0.25)]
    out = os.path.join(folder, "dataset")
    for link, fabric, share in links:
        for staged in ("false", "true"):
            for overlap in ("blocking", "layer-wise"):
                pools = [
                    pool("prefill", "prefill", 24, fabric=fabric, staged=staged, **chip),
                    pool("decode", "decode", 16, fabric=fabric, staged=staged, **chip),
                ]
                keys = f"handoff:\n  decode_at: prefill-start\n  overlap: {overlap}\n"
                keys += f"  pairs: [{{ prefill: prefill, decode: decode, efficiency: {share} }}]\n"
                path, rate = fleet(folder, pools, keys), ("--load", "0.7")
                for caches, policies in (("none", UNCACHED), ("lru", ("--route-prefill", "cache-aware"))):
                    summary = replay(program, trace, "--fleet", path, "--spread-ties", "3s", *rate, *policies,
                                     "--out", out, "--overwrite")
                    rate = ("--rate-scale", str(summary["rateScale"]))
                    waits = sorted(
                        round(float(row["decode_start_seconds"]) - float(row["first_token_seconds"]), 9)
                        for row in requests(out)
                        if row["outcome"] == "completed" and row["decode_start_seconds"]
                    )
                    yield {
                        "link": link,
                        "copies": "staged" if staged == "true" else "zero-copy",
                        "overlap": overlap,
                        "caches": caches,
                        "rate_scale": summary["rateScale"],
                        "wait_p50_seconds": waits[len(waits) // 2],
                        "wait_p99_seconds": waits[len(waits) * 99 // 100],
                        "transfer_mean_seconds": summary["stageSeconds"]["transfer"],
                        "ttft_p99_seconds": summary["quantiles"]["ttft"]["p99"],
                        "fell_back": summary["fallenBackHandOffs"],
                        "hit_share": summary["prefixHits"]["hitShare"],
                        "unsent_share": summary["prefixHits"]["unsentShare"],
                    }


QUESTIONS_PER_SECOND = "160"


def split(program, trace, folder):
    """How many of 16 instances should prefill: questions, and sessions without caches and with them."""
    asked = questions(program, folder, 20_000)
    sessions = (CHAT, "--rate-scale", "6", "--loop", "closed")
    works = [
        ("questions", "none", (asked, "--rate-scale", QUESTIONS_PER_SECOND, *UNCACHED)),
        ("sessions", "none", (*sessions, *UNCACHED)),
        ("sessions", "lru", sessions),
    ]
    for work, caches, flags in works:
        for prefill in range(1, 16):
            decode = 16 - prefill
            pools = [pool("prefill", "prefill", prefill, **SMALL), pool("decode", "decode", decode, **SMALL)]
            summary = replay(program, *flags, "--fleet", fleet(folder, pools),
                             "--slo", "ttft=500ms,tpot=25ms")
            yield {
                "requests": work,
                "caches": caches,
                "prefill": prefill,
                "decode": decode,
                "attainment": summary["attainment"]["joint"]["share"],
                "goodput_requests_per_second": summary["goodputRequestsPerSecond"],
                "ttft_p99_seconds": summary["quantiles"]["ttft"]["p99"],
                "tpot_p99_seconds": summary["quantiles"]["tpot"]["p99"],
                "hit_share": summary["prefixHits"]["hitShare"],
            }


def staleness(program, trace, folder):
    """What old gauges do to routes that correct for what they sent, and to those that do not."""
    asked = questions(program, folder, 20_000)
    pools = [pool("prefill", "prefill", 4, **SMALL), pool("decode", "decode", 12, **SMALL)]
    path = fleet(folder, pools)
    for lag in (0, 5, 10, 20, 50, 100, 200, 500):
        for corrected in ("false", "true"):
            flags = ["--evict", "none", "--route-prefill", f"least-tokens:corrected={corrected}",
                     "--route-decode", f"least-kv:corrected={corrected}"]
            if lag:
                flags += ["--view-lag", f"{lag}ms"]
            summary = replay(program, asked, "--fleet", path, "--rate-scale", QUESTIONS_PER_SECOND, *flags,
                             "--slo", "ttft=500ms,tpot=25ms")
            yield {
                "view_lag_seconds": lag / 1000,
                "corrected": corrected,
                "attainment": summary["attainment"]["joint"]["share"],
                "ttft_p99_seconds": summary["quantiles"]["ttft"]["p99"],
                "tpot_p99_seconds": summary["quantiles"]["tpot"]["p99"],
                "transfer_mean_seconds": summary["stageSeconds"]["transfer"],
            }


def monolith(program, trace, folder):
    """Eight B200 as one mixed pool or as prefill and decode pools, from light to heavy load."""
    chip = {**LARGE, "fabric": "nvlink-5", "max_batch": 256}
    shapes = [
        ("mixed prompts first", [pool("mixed", "mixed", 8, **chip)], "prefill-priority"),
        ("mixed chunks of 512", [pool("mixed", "mixed", 8, **chip)], "chunked:tokens=512"),
        ("mixed chunks of 2048", [pool("mixed", "mixed", 8, **chip)], "chunked:tokens=2048"),
    ]
    for prefill in (2, 3, 4):
        pools = [pool("prefill", "prefill", prefill, **chip), pool("decode", "decode", 8 - prefill, **chip)]
        shapes.append((f"{prefill}P {8 - prefill}D", pools, "chunked:tokens=8192"))
    asked = questions(program, folder, 5_000)
    works = [
        ("questions", (2, 5, 10, 15, 20, 25, 30), 1, (asked, *UNCACHED)),
        ("sessions", (1, 2, 4, 6, 8, 10, 12), CHAT_SESSIONS_PER_SECOND, (CHAT, "--loop", "closed")),
    ]
    for work, rates, recorded, flags in works:
        for slo in ("ttft=1s,tpot=25ms", "ttft=1s,tpot=100ms"):
            for rate in rates:
                for name, pools, batch in shapes:
                    summary = replay(program, *flags, "--fleet", fleet(folder, pools), "--batch", batch,
                                     "--rate-scale", str(rate / recorded), "--slo", slo)
                    yield {
                        "requests": work,
                        "slo": slo.replace(",", " "),
                        "sessions_per_second": rate,
                        "fleet": name,
                        "attainment": summary["attainment"]["joint"]["share"],
                        "ttft_p99_seconds": summary["quantiles"]["ttft"]["p99"],
                        "tpot_p99_seconds": summary["quantiles"]["tpot"]["p99"],
                        "itl_p99_seconds": summary["quantiles"]["itl"]["p99"],
                        "e2e_mean_seconds": summary["quantiles"]["e2e"]["mean"],
                        "hit_share": summary["prefixHits"]["hitShare"],
                    }


CHAT_SESSIONS_PER_SECOND = 20


def retention(program, trace, folder):
    """What becomes of a session's KV between its turns: agents on two fleets, lightly and heavily used."""
    # Ten times the sessions, of which the first are those of the shipped trace.
    crowd = synthesize(program, "agentic-coding", 200_000, os.path.join(folder, "crowd.replay.zst"))
    loads = [
        ("b200-mixed", "light", AGENTIC, 1),
        ("b200-mixed", "heavy", AGENTIC, 100),
        ("trn3-cs3", "light", AGENTIC, 1),
        ("trn3-cs3", "heavy", crowd, 10),
    ]
    policies = [(name, "none") for name in ("discard", "release", "preserve", "ttl", "adaptive-ttl")]
    policies += [(name, "host") for name in ("release", "preserve", "swap")]
    for name, load, work, rate in loads:
        for policy, tier in policies:
            path = with_host_tier(name, folder) if tier == "host" else name
            # Rates a little apart show which differences are more than the luck of one schedule.
            for scale in (0.9 * rate, rate, 1.1 * rate):
                summary = replay(program, work, "--fleet", path, "--loop", "closed", "--retain", policy,
                                 "--rate-scale", f"{scale:g}")
                sessions, ttft = summary["sessions"], summary["quantiles"]["ttft"]
                gaps = ("tool", "human", "other gap")
                yield {
                    "fleet": name,
                    "load": load,
                    "rate_scale": summary["rateScale"],
                    "sessions": sessions["completed"],
                    "tier": tier,
                    "retention": policy,
                    "session_completion_mean_seconds": sessions["completionSeconds"]["mean"],
                    "session_served_mean_seconds": sum(
                        seconds for stage, seconds in sessions["pathSeconds"].items() if stage not in gaps
                    ),
                    "ttft_p50_seconds": ttft["p50"],
                    "ttft_p99_seconds": ttft["p99"],
                    "prompt_tokens_cached": summary["prefixHits"]["hitTokens"],
                    "prompt_tokens_computed": summary["caches"]["computedTokens"],
                    "kv_byte_seconds_held": sessions["retainedByteSeconds"],
                    "holds_yielded": summary["caches"]["retentionsYielded"],
                    "preemptions": summary["preemptions"],
                    "energy_joules": sum(pool["joules"] for pool in summary["pools"]),
                }


def with_host_tier(name, folder):
    """A built-in fleet, with 250 GB of host memory per instance below that of its pools that prefill."""
    tier = "    tiers: [{ name: host, capacity_gigabytes: 250, gigabytes_per_second: 50 }]\n"
    path = os.path.join(folder, f"{name}.yaml")
    with open(os.path.join(FLEETS, f"{name}.yaml")) as file:
        head, *pools = file.read().split("  - name: ")
    with open(path, "w") as file:
        for text in pools:
            lines = text.splitlines(keepends=True)
            if "role: decode" not in text:
                lines.insert(1, tier)
            head += "  - name: " + "".join(lines)
        file.write(head)
    return path


STUDIES = {"handoff": handoff, "pool-split": split, "staleness": staleness, "monolith": monolith,
           "retention": retention}


def main(program, trace, *chosen):
    for name in chosen or STUDIES:
        with tempfile.TemporaryDirectory() as folder:
            rows = list(STUDIES[name](program, trace, folder))
        with open(os.path.join(HERE, f"{name}.csv"), "w", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        print(f"{name}: {len(rows)} rows")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
