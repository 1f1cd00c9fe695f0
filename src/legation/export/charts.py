"""Pictures of events as Vega-Lite: small Arrow tables in, a specification out. The command line and the desk draw it.

`months` takes the table of `Store.months`; the others those of `questions.py`.
"""

from legation.export.chart_frame import COLOURS, QUADS, Caption, Spec
from legation.export.chart_map import event_map, load_shapes
from legation.export.chart_network import network
from legation.export.chart_time import MEASURES, months, stack

__all__ = ["COLOURS", "MEASURES", "QUADS", "Caption", "Spec", "event_map", "load_shapes", "months", "network", "stack"]
