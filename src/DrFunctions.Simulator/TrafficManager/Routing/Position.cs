using System.Globalization;

namespace DrFunctions.Simulator.TrafficManager.Routing;

/// <summary>A point on the globe in degrees; north and east are positive.</summary>
internal readonly record struct Position(double Latitude, double Longitude)
{
    private const double EarthRadiusKilometres = 6371;

    public static Position? Parse(string latitude, string longitude) => latitude.Length == 0
        ? null
        : new Position(double.Parse(latitude, CultureInfo.InvariantCulture), double.Parse(longitude, CultureInfo.InvariantCulture));

    /// <summary>The great-circle distance in kilometres (haversine formula).</summary>
    public double KilometresTo(Position other)
    {
        var (from, to) = (double.DegreesToRadians(Latitude), double.DegreesToRadians(other.Latitude));
        var squared = Math.Pow(Math.Sin((to - from) / 2), 2)
            + Math.Cos(from) * Math.Cos(to) * Math.Pow(Math.Sin(double.DegreesToRadians(other.Longitude - Longitude) / 2), 2);
        return 2 * EarthRadiusKilometres * Math.Asin(Math.Sqrt(squared));
    }
}
