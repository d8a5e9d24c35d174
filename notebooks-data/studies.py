#!/usr/bin/env python3
"""The four studies of notebooks-data/README.md: writes one CSV per study beside this file.

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
CHAT = os.path.join(HERE, "..", "traces", "chat.replay.zst")


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
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def requests(dataset):
    """The requests of a dataset, unpacked by the zstd program."""
    table = os.path.join(dataset, "requests.csv.zst")
    text = subprocess.run(["zstd", "-dcq", table], check=True, capture_output=True, text=True).stdout
    return csv.DictReader(text.splitlines())


def handoff(program, trace, folder):
    """What a request waits between its first token and its first decode step."""
    chip = dict(chip="b200", model="llama-3.1-70b", precision="fp8", weights="fp8", max_batch=256)
    links = [("NVLink 5", "nvlink-5", 1), ("EFA v4", "efa-v4", 1), ("EFA v4, a quarter", "efa-v4", 0.25)]
    for link, fabric, share in links:
        for staged in ("false", "true"):
            for overlap in ("blocking", "layer-wise"):
                pools = [
                    pool("prefill", "prefill", 24, fabric=fabric, staged=staged, **chip),
                    pool("decode", "decode", 16, fabric=fabric, staged=staged, **chip),
                ]
                keys = f"handoff:\n  decode_at: prefill-start\n  overlap: {overlap}\n"
                keys += f"  pairs: [{{ prefill: prefill, decode: decode, efficiency: {share} }}]\n"
                path, out = fleet(folder, pools, keys), os.path.join(folder, "dataset")
                summary = replay(program, trace, "--fleet", path, "--spread-ties", "3s", "--load", "0.7",
                                 "--out", out, "--overwrite")
                waits = sorted(
                    float(row["decode_start_seconds"]) - float(row["first_token_seconds"])
                    for row in requests(out)
                    if row["outcome"] == "completed" and row["decode_start_seconds"]
                )
                yield {
                    "link": link,
                    "copies": "staged" if staged == "true" else "zero-copy",
                    "overlap": overlap,
                    "wait_p50_seconds": waits[len(waits) // 2],
                    "wait_p99_seconds": waits[len(waits) * 99 // 100],
                    "transfer_mean_seconds": summary["stageSeconds"]["transfer"],
                    "ttft_p99_seconds": summary["quantiles"]["ttft"]["p99"],
                    "fell_back": summary["fallenBackHandOffs"],
                }


def split(program, trace, folder):
    """How many of 16 instances should prefill."""
    chip = dict(chip="b200", model="llama-3.1-8b", fabric="efa-v4", max_batch=1024)
    for prefill in range(1, 16):
        pools = [pool("prefill", "prefill", prefill, **chip), pool("decode", "decode", 16 - prefill, **chip)]
        summary = replay(program, CHAT, "--fleet", fleet(folder, pools), "--rate-scale", RATE,
                         "--slo", "ttft=500ms,tpot=25ms")
        yield {
            "prefill": prefill,
            "decode": 16 - prefill,
            "attainment": summary["attainment"]["joint"]["share"],
            "goodput_requests_per_second": summary["goodputRequestsPerSecond"],
            "ttft_p99_seconds": summary["quantiles"]["ttft"]["p99"],
            "tpot_p99_seconds": summary["quantiles"]["tpot"]["p99"],
        }


RATE = "0.2"


def staleness(program, trace, folder):
    """What old gauges do to routes that correct for what they sent, and to those that do not."""
    chip = dict(chip="b200", model="llama-3.1-8b", fabric="efa-v4", max_batch=1024)
    pools = [pool("prefill", "prefill", 4, **chip), pool("decode", "decode", 12, **chip)]
    path = fleet(folder, pools)
    for lag in (0, 5, 10, 20, 50, 100, 200, 500):
        for corrected in ("false", "true"):
            flags = ["--route-prefill", f"least-tokens:corrected={corrected}",
                     "--route-decode", f"least-kv:corrected={corrected}"]
            if lag:
                flags += ["--view-lag", f"{lag}ms"]
            summary = replay(program, CHAT, "--fleet", path, "--rate-scale", RATE, *flags,
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
    chip = dict(chip="b200", model="llama-3.1-70b", precision="fp8", weights="fp8", fabric="nvlink-5",
                max_batch=256)
    shapes = [
        ("mixed prompts first", [pool("mixed", "mixed", 8, **chip)], "prefill-priority"),
        ("mixed chunks of 512", [pool("mixed", "mixed", 8, **chip)], "chunked:tokens=512"),
        ("mixed chunks of 2048", [pool("mixed", "mixed", 8, **chip)], "chunked:tokens=2048"),
    ]
    for prefill in (2, 3, 4):
        pools = [pool("prefill", "prefill", prefill, **chip), pool("decode", "decode", 8 - prefill, **chip)]
        shapes.append((f"{prefill}P {8 - prefill}D", pools, "chunked:tokens=8192"))
    for slo in ("ttft=1s,tpot=25ms", "ttft=1s,tpot=100ms"):
        for rate in ("0.002", "0.005", "0.010", "0.015", "0.020", "0.025", "0.030"):
            for name, pools, batch in shapes:
                summary = replay(program, CHAT, "--fleet", fleet(folder, pools), "--rate-scale", rate,
                                 "--batch", batch, "--slo", slo, "--limit", "5000")
                yield {
                    "slo": slo.replace(",", " "),
                    "rate_scale": rate,
                    "fleet": name,
                    "attainment": summary["attainment"]["joint"]["share"],
                    "ttft_p99_seconds": summary["quantiles"]["ttft"]["p99"],
                    "tpot_p99_seconds": summary["quantiles"]["tpot"]["p99"],
                    "itl_p99_seconds": summary["quantiles"]["itl"]["p99"],
                    "e2e_mean_seconds": summary["quantiles"]["e2e"]["mean"],
                }


STUDIES = {"handoff": handoff, "pool-split": split, "staleness": staleness, "monolith": monolith}


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
