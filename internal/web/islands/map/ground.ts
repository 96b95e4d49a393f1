// What every map stands on: the drawing with the land on it, and its elements.
import { geoPath } from "d3-geo";
import type { GeoPermissibleObjects, GeoProjection } from "d3-geo";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";

export interface Size {
	width: number;
	height: number;
}

const svgNS = "http://www.w3.org/2000/svg";

// loadLand fetches the countries of the world; undefined when the answer is none.
export async function loadLand(address: string): Promise<Topology | undefined> {
	const answer = await fetch(address);
	return answer.ok ? ((await answer.json()) as Topology) : undefined;
}

// land is a drawing with the countries on it.
export function land(world: Topology, projection: GeoProjection, size: Size, label: string): SVGSVGElement {
	const svg = element("svg", { class: "map", viewBox: `0 0 ${size.width} ${size.height}`, role: "img", "aria-label": label });
	const countries = world.objects.countries as GeometryCollection;
	const shape = geoPath(projection)(feature(world, countries) as GeoPermissibleObjects);
	svg.append(element("path", { class: "map-land", d: shape ?? "" }));
	return svg;
}

export function element<K extends keyof SVGElementTagNameMap>(name: K, attributes: Record<string, string>): SVGElementTagNameMap[K] {
	const e = document.createElementNS(svgNS, name);
	for (const [key, value] of Object.entries(attributes)) {
		e.setAttribute(key, value);
	}
	return e;
}

export function round(n: number): string {
	return n.toFixed(1);
}
