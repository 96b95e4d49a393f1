package picture

import "image"

// reduce makes a photo smaller by a whole factor, each block of pixels becoming its mean:
// what scaling with a kernel would take most of its time for. Other pictures, and factors
// below two, stay as they are.
func reduce(img image.Image, factor int) image.Image {
	factor = min(factor, img.Bounds().Dx(), img.Bounds().Dy())
	from, ok := img.(*image.YCbCr)
	if !ok || factor < 2 {
		return img
	}
	size := from.Rect.Size().Div(factor)
	out := image.NewYCbCr(image.Rectangle{Max: size}, image.YCbCrSubsampleRatio444)
	for y := range size.Y {
		for x := range size.X {
			at := from.Rect.Min.Add(image.Pt(x, y).Mul(factor))
			i := y*out.YStride + x
			out.Y[i] = meanLight(from, at, factor)
			out.Cb[i], out.Cr[i] = meanColour(from, at, factor)
		}
	}
	return out
}

func meanLight(img *image.YCbCr, at image.Point, side int) uint8 {
	sum := 0
	for y := range side {
		i := img.YOffset(at.X, at.Y+y)
		for _, v := range img.Y[i : i+side] {
			sum += int(v)
		}
	}
	return uint8((sum + side*side/2) / (side * side))
}

// meanColour looks at every other pixel: cameras store the colour of no more.
func meanColour(img *image.YCbCr, at image.Point, side int) (cb, cr uint8) {
	var sumB, sumR, n int
	for y := 0; y < side; y += 2 {
		for x := 0; x < side; x += 2 {
			i := img.COffset(at.X+x, at.Y+y)
			sumB, sumR, n = sumB+int(img.Cb[i]), sumR+int(img.Cr[i]), n+1
		}
	}
	return uint8((sumB + n/2) / n), uint8((sumR + n/2) / n)
}
