// <route-map> draws the places of a journey over the countries of the world, joined by
// great circles, without a tile server. The list of places that it wraps stays below it
// and says the same; colours come from the style sheet, so both themes work.
import { geoBounds, geoDistance, geoInterpolate, geoNaturalEarth1, geoAzimuthalEqualArea, geoPath } from "d3-geo";
import type { GeoProjection } from "d3-geo";
import type { Topology } from "topojson-specification";
import { element, land, loadLand, round, type Size } from "./map/ground";

interface Place {
	name: string;
	code: string;
	role: string;
	lat: number;
	lon: number;
	known: boolean;
	doubt: boolean;
}

// closest is the greatest scale: about 700 km across the map.
const closest = 4200;

class RouteMap extends HTMLElement {
	async connectedCallback(): Promise<void> {
		const places = (JSON.parse(this.dataset.places ?? "[]") as Place[]).filter((p) => p.known);
		if (places.length === 0 || !this.dataset.land || this.querySelector("svg")) {
			return;
		}
		const world = await loadLand(this.dataset.land);
		if (world) {
			this.prepend(this.#draw(places, world));
		}
	}

	#draw(places: Place[], world: Topology): SVGSVGElement {
		// Drawn at the size that it has, so that names are as large as other text.
		const width = Math.min(Math.max(this.clientWidth, 300), 1000);
		const size = { width, height: Math.round(width * 0.58) };
		const projection = fit(places, size);
		const svg = land(world, projection, size, this.dataset.label ?? "");
		const path = geoPath(projection);
		const way = places.map((p) => [p.lon, p.lat]);
		svg.append(element("path", { class: "map-way", d: path({ type: "LineString", coordinates: way }) ?? "" }));
		const taken: Box[] = [];
		places.forEach((place, i) => svg.append(spot(place, i === places.length - 1, projection, taken, size.width)));
		return svg;
	}
}

interface Box {
	x: number;
	y: number;
	w: number;
}

// spot is a place with its name, moved aside where another name stands already.
function spot(place: Place, last: boolean, projection: GeoProjection, taken: Box[], width: number): SVGElement {
	const group = element("g", { class: "map-spot" });
	const at = projection([place.lon, place.lat]);
	if (!at) {
		return group;
	}
	const title = element("title", {});
	title.textContent = `${place.role}: ${place.name} ${place.code}`;
	const kind = `map-place${last ? " map-end" : ""}${place.doubt ? " map-doubt" : ""}`;
	group.append(title, element("circle", { class: kind, cx: round(at[0]), cy: round(at[1]), r: "4.5" }));
	const w = place.name.length * 7;
	const left = at[0] > width - w - 16;
	const box = { x: left ? at[0] - 10 - w : at[0] + 10, y: at[1] + 4, w };
	const clash = () => taken.some((t) => Math.abs(t.y - box.y) < 14 && t.x < box.x + box.w && box.x < t.x + t.w);
	for (const shift of [-14, 28, -42, 56]) {
		if (!clash()) {
			break;
		}
		box.y += shift;
	}
	if (!clash()) {
		taken.push(box);
		const name = element("text", { class: "map-name", x: round(left ? at[0] - 10 : box.x), y: round(box.y), "text-anchor": left ? "end" : "start" });
		name.textContent = place.name;
		group.append(name);
	}
	return group;
}

// fit turns the globe to the middle of the route, so that no route crosses an edge, and
// zooms to it; a way around the world gets the whole one.
function fit(places: Place[], { width, height }: Size): GeoProjection {
	const points = places.map((p) => [p.lon, p.lat] as [number, number]);
	const [[west], [east]] = geoBounds({ type: "MultiPoint", coordinates: points });
	const middle = west <= east ? (west + east) / 2 : (west + east + 360) / 2;
	const lats = points.map((p) => p[1]);
	const mean = (Math.min(...lats) + Math.max(...lats)) / 2;
	const wide = extent(places) > 1.9;
	const projection = wide ? geoNaturalEarth1().rotate([-middle, 0]) : geoAzimuthalEqualArea().rotate([-middle, -mean]).clipAngle(100);
	projection.fitExtent(
		[
			[width * 0.12, height * 0.14],
			[width * 0.85, height * 0.86],
		],
		{ type: "MultiPoint", coordinates: arcs(points) },
	);
	// One place, or two in one town, would zoom into nothing.
	projection.scale(Math.min(projection.scale(), closest));
	const centre = projection([middle, wide ? 0 : mean]);
	if (projection.scale() === closest && centre) {
		const [x, y] = projection.translate();
		projection.translate([x + width / 2 - centre[0], y + height / 2 - centre[1]]);
	}
	return projection.clipExtent([
		[0, 0],
		[width, height],
	]);
}

// arcs are points along the great circles, which may bend beyond their ends.
function arcs(points: [number, number][]): [number, number][] {
	const out: [number, number][] = [...points];
	for (let i = 1; i < points.length; i++) {
		const between = geoInterpolate(points[i - 1], points[i]);
		for (const t of [0.2, 0.4, 0.6, 0.8]) {
			out.push(between(t));
		}
	}
	return out;
}

// extent is the greatest distance between two places, in radians.
function extent(places: Place[]): number {
	let most = 0;
	for (const a of places) {
		for (const b of places) {
			most = Math.max(most, geoDistance([a.lon, a.lat], [b.lon, b.lat]));
		}
	}
	return most;
}

customElements.define("route-map", RouteMap);
