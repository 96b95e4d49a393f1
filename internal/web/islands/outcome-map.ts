// <outcome-map> draws what was examined and found over the countries of the world: a
// circle for each place of loading, as large as what was examined of its goods, with what
// was found as its dark part, and lines to the places of unloading. The table below it
// says the same; colours come from the style sheet, so both themes work.
import { geoBounds, geoNaturalEarth1, geoPath } from "d3-geo";
import type { GeoProjection } from "d3-geo";
import type { Topology } from "topojson-specification";
import { element, land, loadLand, round, type Size } from "./map/ground";

interface Place {
	name: string;
	lat: number;
	lon: number;
	examined: number;
	found: number;
	says: string;
}

interface Way {
	from: [number, number];
	to: [number, number];
	examined: number;
	found: number;
	says: string;
}

// largest is the radius of the place with most examinations; names stand at the first
// few places only, for all of them would cover the map.
const largest = 20;
const named = 14;

class OutcomeMap extends HTMLElement {
	async connectedCallback(): Promise<void> {
		const places = JSON.parse(this.dataset.places ?? "[]") as Place[];
		const ways = JSON.parse(this.dataset.ways ?? "[]") as Way[];
		if (places.length === 0 || !this.dataset.land || this.querySelector("svg")) {
			return;
		}
		const world = await loadLand(this.dataset.land);
		if (world) {
			this.replaceChildren(this.#draw(places, ways, world));
		}
	}

	#draw(places: Place[], ways: Way[], world: Topology): SVGSVGElement {
		// Drawn at the size that it has, so that names are as large as other text.
		const width = Math.min(Math.max(this.clientWidth, 300), 1400);
		const size = { width, height: Math.round(width * (width < 600 ? 0.72 : 0.44)) };
		const projection = fit(places, ways, size);
		const svg = land(world, projection, size, this.dataset.label ?? "");
		const path = geoPath(projection);
		const mostWay = Math.max(1, ...ways.map((w) => w.examined));
		for (const w of ways) {
			const thick = 0.8 + 3.2 * Math.sqrt(w.examined / mostWay);
			svg.append(titled("path", w.says, { class: "outcome-way", "stroke-width": thick.toFixed(1), d: path({ type: "LineString", coordinates: [w.from, w.to] }) ?? "" }));
		}
		const ends = new Map(ways.map((w) => [w.to.join(), w.to]));
		const most = Math.max(1, ...places.map((p) => p.examined));
		// Small circles stand over large ones, so that none is hidden.
		for (const p of [...places].sort((a, b) => b.examined - a.examined)) {
			svg.append(...circles(p, most, projection));
		}
		for (const end of ends.values()) {
			const at = projection(end);
			if (at) {
				svg.append(element("circle", { class: "outcome-end", cx: round(at[0]), cy: round(at[1]), r: "3" }));
			}
		}
		names(svg, places.slice(0, named), most, projection, size);
		return svg;
	}
}

function radius(n: number, most: number): number {
	return n === 0 ? 0 : Math.max(1.6, largest * Math.sqrt(n / most));
}

function circles(p: Place, most: number, projection: GeoProjection): SVGElement[] {
	const at = projection([p.lon, p.lat]);
	if (!at) {
		return [];
	}
	const where = { cx: round(at[0]), cy: round(at[1]) };
	const out = [titled("circle", p.says, { class: "outcome-examined", ...where, r: round(radius(p.examined, most)) })];
	if (p.found > 0) {
		out.push(titled("circle", p.says, { class: "outcome-found", ...where, r: round(radius(p.found, most)) }));
	}
	return out;
}

// names writes the names of places where no other name stands.
function names(svg: SVGSVGElement, places: Place[], most: number, projection: GeoProjection, { width }: Size): void {
	const taken: { x: number; y: number; w: number }[] = [];
	for (const p of places) {
		const at = projection([p.lon, p.lat]);
		if (!at) {
			continue;
		}
		const w = p.name.length * 7;
		const r = radius(p.examined, most) + 5;
		const left = at[0] + r + w > width;
		const box = { x: left ? at[0] - r - w : at[0] + r, y: at[1] + 4, w };
		if (taken.some((t) => Math.abs(t.y - box.y) < 14 && t.x < box.x + box.w && box.x < t.x + t.w)) {
			continue;
		}
		taken.push(box);
		const name = element("text", { class: "map-name", x: round(left ? at[0] - r : box.x), y: round(box.y), "text-anchor": left ? "end" : "start" });
		name.textContent = p.name;
		svg.append(name);
	}
}

// fit turns the map to the middle of what it shows and zooms to it.
function fit(places: Place[], ways: Way[], { width, height }: Size): GeoProjection {
	const points = [...places.map((p) => [p.lon, p.lat] as [number, number]), ...ways.flatMap((w) => [w.from, w.to])];
	const [[west], [east]] = geoBounds({ type: "MultiPoint", coordinates: points });
	const middle = west <= east ? (west + east) / 2 : (west + east + 360) / 2;
	const projection = geoNaturalEarth1().rotate([-middle, 0]);
	projection.fitExtent(
		[
			[40, 34],
			[width - 90, height - 34],
		],
		{ type: "MultiPoint", coordinates: points },
	);
	const widest = width * 1.6; // one place alone would zoom into nothing
	if (projection.scale() > widest) {
		const at = projection(points[0]);
		const [x, y] = projection.translate();
		if (at) {
			const shrink = widest / projection.scale();
			projection.scale(widest).translate([width / 2 + (x - at[0]) * shrink, height / 2 + (y - at[1]) * shrink]);
		}
	}
	return projection.clipExtent([
		[0, 0],
		[width, height],
	]);
}

function titled<K extends keyof SVGElementTagNameMap>(name: K, says: string, attributes: Record<string, string>): SVGElement {
	const e = element(name, attributes);
	const title = element("title", {});
	title.textContent = says;
	e.append(title);
	return e;
}

customElements.define("outcome-map", OutcomeMap);
