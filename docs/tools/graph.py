"""Which package imports which? The graph of ARCHITECTURE.md as Mermaid text, and the same as a drawing (`make graph`).

An arrow that follows from others is left out: `studies` imports `inputs`, but so does what it imports.
"""

from __future__ import annotations

from pathlib import Path

from model import ROOT

Graph = dict[str, set[str]]
ROOMY, TALL, WIDE, HIGH = 190, 90, 150, 36
"""Distance of boxes across and down, and their size, in pixels."""


def packages() -> Graph:
    """Package or module directly in `model/`: what it imports of the others, without what follows from that."""
    import grimp

    graph = grimp.build_graph("model", cache_dir=None)
    names = sorted(name for name in graph.find_children("model") if name != "model")
    whole: Graph = {name.removeprefix("model."): set() for name in names}
    for name in names:
        for other in names:
            if name != other and graph.direct_import_exists(importer=name, imported=other, as_packages=True):
                whole[name.removeprefix("model.")].add(other.removeprefix("model."))
    return reduced(whole)


def reduced(graph: Graph) -> Graph:
    """The graph without arrows that a longer way replaces (transitive reduction of a graph without circles)."""
    below = {name: reachable(graph, name) for name in graph}
    return {
        name: {each for each in imports if not any(each in below[other] for other in imports if other != each)}
        for name, imports in graph.items()
    }


def reachable(graph: Graph, name: str) -> set[str]:
    """Everything that can be reached from a name."""
    seen: set[str] = set()
    waiting = list(graph[name])
    while waiting:
        each = waiting.pop()
        if each not in seen:
            seen.add(each)
            waiting += graph[each]
    return seen


def mermaid() -> str:
    """The graph as Mermaid text, which GitHub and editors draw."""
    lines = [f"    {name} --> {other}" for name, imports in packages().items() for other in sorted(imports)]
    return "\n".join(["```mermaid", "graph TD", *lines, "```"])


def floors(graph: Graph) -> list[list[str]]:
    """Names by floor, top first: each stands above everything that it imports, as low as that allows."""
    height: dict[str, int] = {}

    def of(name: str) -> int:
        if name not in height:
            height[name] = 1 + max((of(other) for other in graph[name]), default=-1)
        return height[name]

    top = max(of(name) for name in graph)
    return [[name for name in graph if of(name) == top - floor] for floor in range(top + 1)]


def svg() -> str:
    """The graph as a drawing."""
    graph = packages()
    rows = floors(graph)
    width, height = ROOMY * max(len(row) for row in rows), TALL * len(rows)
    at = {
        name: (width / 2 + ROOMY * (index - (len(row) - 1) / 2), TALL * (floor + 0.5))
        for floor, row in enumerate(rows)
        for index, name in enumerate(row)
    }
    lines = [
        f'<line x1="{at[name][0]}" y1="{at[name][1] + HIGH / 2}" x2="{at[other][0]}" y2="{at[other][1] - HIGH / 2}"/>'
        for name, imports in graph.items()
        for other in sorted(imports)
    ]
    boxes = [
        f'<rect x="{x - WIDE / 2}" y="{y - HIGH / 2}" width="{WIDE}" height="{HIGH}" rx="4"/>'
        f'<text x="{x}" y="{y + 5}">{name}</text>'
        for name, (x, y) in at.items()
    ]
    style = "line{stroke:#888} rect{fill:#fff;stroke:#333} text{font:14px sans-serif;text-anchor:middle}"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"><style>{style}</style>'
    return "\n".join([head, *lines, *boxes, "</svg>", ""])


def main(path: Path = ROOT / "outputs" / "packages.svg") -> None:
    """Write the drawing."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(svg(), encoding="utf-8")
    print(f"packages and what they import: {path}")


if __name__ == "__main__":
    main()
