// What the camera wrote into a photo, time and place, is evidence: a smaller copy keeps it.

// exifOf returns the Exif segment of a JPEG (Exif 2.32 §4.7.2), whose picture is said to
// stand upright: a copy that was drawn does. Nothing where there is none.
export async function exifOf(file: Blob): Promise<Uint8Array<ArrayBuffer> | undefined> {
	const head = new Uint8Array(await file.slice(0, 256 * 1024).arrayBuffer());
	const view = new DataView(head.buffer);
	try {
		for (let at = 2; view.getUint8(at) === 0xff && view.getUint8(at + 1) !== 0xda; at += 2 + view.getUint16(at + 2)) {
			if (view.getUint8(at + 1) === 0xe1 && view.getUint32(at + 4) === 0x45786966) {
				const segment = head.slice(at, at + 2 + view.getUint16(at + 2));
				setUpright(new DataView(segment.buffer));
				return segment;
			}
		}
	} catch {
		// A segment that says more than there is: as good as none.
	}
	return undefined;
}

// setUpright sets the orientation in the first directory (tag 0x0112) to 1.
function setUpright(segment: DataView): void {
	const tiff = 10; // behind the marker, the length and "Exif\0\0"
	const little = segment.getUint16(tiff) === 0x4949;
	const directory = tiff + segment.getUint32(tiff + 4, little);
	for (let i = 0; i < segment.getUint16(directory, little); i++) {
		const entry = directory + 2 + 12 * i;
		if (segment.getUint16(entry, little) === 0x0112) {
			segment.setUint16(entry + 8, 1, little);
		}
	}
}

// withExif puts a segment behind the start of a JPEG.
export function withExif(jpeg: Blob, exif: Uint8Array<ArrayBuffer> | undefined): Blob {
	return exif ? new Blob([jpeg.slice(0, 2), exif, jpeg.slice(2)], { type: jpeg.type }) : jpeg;
}
