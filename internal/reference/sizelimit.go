package reference

// SizeLimits is what a box of a size and type can hold. Masses in kg, volume in m³.
// They are limits of the plausible, for a plate may say otherwise: see MaxGrossPlate.
type SizeLimits struct {
	MaxGross      float64 // usual rating; ISO 668:2005 for 20 and 40 feet
	MaxGrossPlate float64 // highest rating that a plate may bear; ISO 668:2013/Amd 2:2016
	MaxGrossOld   float64 // rating of boxes built before ISO 668:2005: 24,000 for 20 feet
	TareMin       float64 // lightest box of the kind
	Tare          float64 // usual box
	TareMax       float64 // heaviest box
	Cube          float64 // inner volume; 0 where goods may stand out of the box
}

// Payload returns the mass of goods that a usual box may carry.
func (l SizeLimits) Payload() float64 { return l.MaxGross - l.Tare }

// MaxPayload returns the mass of goods that no plate allows to exceed.
func (l SizeLimits) MaxPayload() float64 { return l.MaxGrossPlate - l.TareMin }

// Limits returns what the box can hold, and false for sizes that we have no figures for.
func (t SizeType) Limits() (SizeLimits, bool) {
	l := SizeLimits{MaxGross: 30480, MaxGrossPlate: 36000, MaxGrossOld: 30480}
	high := t.IsHighCube()
	switch t.Feet() {
	case 10:
		l.MaxGross, l.MaxGrossOld = 10160, 10160
		l.MaxGrossPlate, l.TareMin, l.Tare, l.TareMax, l.Cube = 11300, 1000, 1300, 2000, 16
	case 20:
		l.MaxGrossOld = 24000
		l.TareMin, l.Tare, l.TareMax, l.Cube = 1800, 2250, 2900, 33
		if high {
			l.Tare, l.Cube = 2400, 37.5
		}
	case 30:
		l.MaxGross, l.MaxGrossOld = 30480, 25400
		l.TareMin, l.Tare, l.TareMax, l.Cube = 2600, 3100, 4500, 50
	case 40:
		l.TareMin, l.Tare, l.TareMax, l.Cube = 3300, 3750, 4500, 67
		if high {
			l.Tare, l.TareMax, l.Cube = 3900, 4800, 76
		}
	case 45:
		l.TareMin, l.Tare, l.TareMax, l.Cube = 3800, 4800, 5600, 86
	case 48, 49, 53:
		l.TareMin, l.Tare, l.TareMax, l.Cube = 4200, 5000, 6000, 110
	default:
		return SizeLimits{}, false
	}
	return t.limitsOfType(l), true
}

// limitsOfType corrects the figures of a dry box for walls, machines and frames.
func (t SizeType) limitsOfType(l SizeLimits) SizeLimits {
	long := t.Feet() > 20
	switch t.Group {
	case Reefer, Insulated:
		l.Tare, l.TareMax = pick(long, 4650, 3000), pick(long, 6000, 3800)
		l.TareMin = pick(long, 3900, 2500)
		l.Cube *= 0.89
	case Tank, TankDry:
		l.MaxGross = 36000
		l.TareMin, l.Tare, l.TareMax = pick(long, 4500, 2500), pick(long, 6500, 3700), pick(long, 9500, 6000)
		l.Cube = pick(long, 52, 27)
	case Platform:
		l.MaxGross, l.MaxGrossPlate = pick(long, 45000, 34000), pick(long, 60000, 52000)
		l.TareMin, l.Tare, l.TareMax = pick(long, 3800, 1900), pick(long, 5200, 2900), pick(long, 7500, 4200)
		l.Cube = 0
	case OpenTop:
		l.Tare, l.TareMax = pick(long, 4000, 2350), pick(long, 5200, 3100)
		l.Cube = 0
	}
	return l
}

func pick(cond bool, yes, no float64) float64 {
	if cond {
		return yes
	}
	return no
}
