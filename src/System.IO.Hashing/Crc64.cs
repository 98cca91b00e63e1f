namespace System.IO.Hashing;
