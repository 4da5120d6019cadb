"""pyworkforce's queues, run in its own environment: `python -m ...` is not needed, it reads no package of ours.

Reads cases as JSON from standard input, writes answers and seconds as JSON to standard output.
"""

import json
import sys
import time

from pyworkforce.queuing import ErlangA, ErlangC


def main():
    """Answer the sizing cases, the timing case and the ten-minute case."""
    asked = json.load(sys.stdin)
    sized = []
    for load, within, handle, target in asked["cases"]:
        queue = ErlangC(transactions=load, aht=handle / 60, asa=within / 60, interval=handle / 60)
        sized.append(int(queue.required_positions(service_level=target)["raw_positions"]))
    start = time.process_time()
    for load in asked["timed"]:
        ErlangC(transactions=load, aht=3, asa=20 / 60, interval=3).required_positions(service_level=0.8)
    seconds = time.process_time() - start
    start = time.process_time()
    ten = ErlangA(transactions=100, aht=3, asa=10, interval=1, patience=20).service_level(300)
    slow = time.process_time() - start
    json.dump({"sized": sized, "seconds": seconds, "ten_minutes": ten, "ten_seconds": slow}, sys.stdout)


main()
